/**
 * The sync engine of one account: runs the effects of the state machine and hands results back to it. Owns the state
 * and the wiring; the work is in the files beside it. Decides nothing.
 */
import { assertNever, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { RouteName } from '@curlew/shared/protocol/http.ts';
import type { Op, OpResult } from '@curlew/shared/protocol/ops.ts';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import type { RouteAnswer, RouteArgs, ServerEvent, SocketRequest } from '../transport/transport-types.ts';
import { eventOfAck } from './ack-event.ts';
import { CatchUp } from './catch-up.ts';
import { Connection } from './connection.ts';
import { Delivered } from './delivered.ts';
import { HeadsHint } from './heads-hint.ts';
import { Divergence } from './divergence.ts';
import { Flush, type Greeting } from './flush.ts';
import { fetchHeads } from './heads.ts';
import { HistoryLoader, type WantedPage } from './history-loader.ts';
import { HoldBack } from './hold-back.ts';
import { InputTimers } from './input-timers.ts';
import { isLogEvent } from './log-events.ts';
import { initialSyncState, type SyncEffect, type SyncInput, type SyncState } from './sync-cells.ts';
import { isConnectionError, retryDelayMs, stored, type SyncContext } from './sync-context.ts';
import { receiveReceipt, tellOpen } from './receipts.ts';
import { rememberedTime, rememberServerTime } from './lifetime.ts';
import type { SteadyTime } from './steady-time.ts';
import { canFlush, stepSync } from './sync-state.ts';
import type { CommitSource, SyncEngineOptions } from './sync-listener.ts';
import { verifyLogs } from './verify.ts';

/** See the file comment. */
export class SyncEngine {
  readonly #options: SyncEngineOptions;
  readonly #context: SyncContext;
  readonly #connection: Connection;
  readonly #catchUp: CatchUp;
  readonly #flush: Flush;
  readonly #holdBack: HoldBack;
  readonly #delivered: Delivered;
  readonly #headsHint: HeadsHint;
  readonly #divergence: Divergence;
  readonly #history: HistoryLoader;
  readonly #timers: InputTimers;
  readonly #time: SteadyTime;
  #state: SyncState = initialSyncState;
  #beat = 0;
  #greeting: Greeting | undefined;
  #epoch: string | undefined;
  #newEpoch: string | undefined;
  #isFlushOpen = false;
  #isStopped = false;
  #lastError: ErrorBody | null = null;

  constructor(options: SyncEngineOptions) {
    this.#options = options;
    this.#epoch = options.stores.meta.get('epoch') ?? undefined;
    this.#time = rememberedTime(options.clock, options.stores.meta);
    this.#timers = new InputTimers(options.timers, (type) => this.dispatch({ type }));
    this.#connection = new Connection(options, {
      connected: () => this.dispatch({ type: 'connected' }),
      failed: (error) => this.#fail(error),
      tokenRefused: (error) => this.#refused(error),
      tokenRenewed: () => this.dispatch({ type: 'tokenRenewed' }),
      received: (event) => this.#received(event),
      contacted: () => options.listener.contacted(),
    });
    this.#context = this.#createContext();
    const suspect = (logId: string): void => this.#suspect(logId);
    const pull = (logId: string, needSeq: number): void => this.#catchUp.pull(logId, needSeq);
    this.#holdBack = new HoldBack(this.#context, { pull, diverged: suspect, unknownLog: () => this.#hint() });
    this.#catchUp = new CatchUp(this.#context, {
      finished: () => this.#caughtUp(),
      loaded: (logId) => this.#holdBack.drain(logId),
      diverged: suspect,
      connectionError: (error) => this.#fail(error),
      progressed: (done, total) => options.listener.progressed({ done, total }),
    });
    this.#flush = new Flush(this.#context, {
      committed: (op, result, seq) => this.#acknowledged(op, result, seq),
      connectionFailed: (code) => this.#fail(errorBody(code)),
    });
    this.#delivered = new Delivered(this.#context, () => this.#flush.kick());
    this.#headsHint = new HeadsHint(this.#context, () => this.#hint());
    this.#divergence = new Divergence(this.#context, {
      settled: (logId) => {
        pull(logId, 0);
        this.#flush.kick();
      },
      restored: () => options.listener.serverRestored(),
      failed: (error) => this.#fail(error),
    });
    this.#history = new HistoryLoader(this.#context, {
      setHistory: (id, state) => options.listener.setHistory(id, state),
      loadFirst: (id) => pull(id, 0),
      isLive: () => canFlush(this.#state),
      isIdle: () => this.#catchUp.isIdle() && this.#flush.lanesInFlight() === 0,
    });
  }

  /** Where the connection stands. */
  get state(): SyncState {
    return this.#state;
  }

  /** Why the last attempt failed, with what the server said about it. */
  get lastError(): ErrorBody | null {
    return this.#lastError;
  }

  /** Time for outbox rows; see {@link SteadyTime}. */
  steadyNowMs(): number {
    return this.#time.nowMs();
  }

  /** The server's time, as far as known. */
  serverNowMs(): number {
    return this.#time.serverNowMs();
  }

  /** The outbox or a watermark changed. */
  kick(): void {
    this.#flush.kick();
  }

  /** A part of the history is on screen and not here; see {@link HistoryLoader}. */
  wantHistory(conversationId: string, page: WantedPage): void {
    this.#history.want(conversationId, page);
  }

  /** The person asked to try a hole again. */
  retryHistory(conversationId: string): void {
    this.#history.retry(conversationId);
  }

  /** A conversation came on screen: it is loaded before others. */
  showed(conversationId: string): void {
    const log = this.#context.stores.reader.log(conversationId);
    if (log && (log.isEmpty || log.head > log.tail)) this.#catchUp.pull(conversationId, 0);
  }

  /** An HTTP call with this account's token, for intents that need the server. */
  call<N extends RouteName>(name: N, args: RouteArgs<N>): Promise<Result<RouteAnswer<N>, ErrorBody>> {
    return this.#connection.call(name, args);
  }

  /** A volatile word to the server; dropped while disconnected. */
  emit<E extends 'presence:watch' | 'typing:start' | 'typing:stop'>(
    event: E,
    request: SocketRequest<E>,
  ): void {
    if (canFlush(this.#state)) this.#connection.emit(event, request);
  }

  /** Tells the server which conversation is open; see {@link tellOpen}. */
  announceOpen(event: 'conversation:join' | 'conversation:leave', conversationId: string): void {
    if (canFlush(this.#state)) void tellOpen(this.#context, event, conversationId);
  }

  /** Ends everything; the stores may be closed when this returns. */
  stop(): void {
    this.dispatch({ type: 'signedOut' });
    this.#isStopped = true;
    this.#connection.stop();
    this.#delivered.stop();
    this.#headsHint.stop();
    this.#history.pause();
  }

  /** One input to the state machine; runs the effects it answers with. */
  dispatch(input: SyncInput): void {
    if (this.#isStopped) return;
    // Before anything may go: a resume that was never announced shows in a connection made anew.
    if (input.type === 'resumed' || input.type === 'connected') {
      this.#time.catchUp();
      this.#options.listener.timeLearned();
    }
    const before = this.#state;
    const { state, effects } = stepSync(before, input);
    this.#state = state;
    if (state.name !== before.name) this.#enter(before, state);
    for (const effect of effects) this.#run(effect);
    if (state.name !== before.name || state.code !== before.code) this.#options.listener.stateChanged(state);
  }

  #createContext(): SyncContext {
    return {
      ...this.#options,
      steadyNowMs: () => this.#time.nowMs(),
      epoch: () => this.#epoch,
      lostLogs: new Set(),
      serverNowMs: () => this.#time.serverNowMs(),
      call: (name, args) => this.#connection.call(name, args),
      request: (event, request) => this.#connection.request(event, request),
      generation: () => this.#connection.generation,
      isStopped: () => this.#isStopped,
      visibleConversations: () => this.#options.visibleConversations(),
      committed: (logId, events, source) => this.#committed(logId, events, source),
    };
  }

  #enter(before: SyncState, state: SyncState): void {
    this.#context.log('info', 'sync.state', { from: before.name, to: state.name, code: state.code });
    if (canFlush(state) && !this.#isFlushOpen && this.#greeting) {
      this.#isFlushOpen = true;
      this.#flush.open(this.#greeting);
    }
    if (!canFlush(state) && this.#isFlushOpen) {
      this.#isFlushOpen = false;
      this.#flush.close(state.name === 'OFFLINE');
      this.#history.pause();
    }
    if (before.name === 'CONNECTING' && state.name === 'OFFLINE') this.#flush.forgive();
    if (state.name !== 'LIVE') return;
    this.#lastError = null;
    this.#history.resume();
  }

  #run(effect: SyncEffect): void {
    const { beatMs, stableMs } = this.#options.tuning;
    switch (effect) {
      case 'openSocket':
        return void this.#connection.open();
      case 'closeSocket':
        return this.#close();
      case 'armRetry':
        return this.#timers.arm(
          'retryTimer',
          retryDelayMs(this.#options, this.#state.attempt, this.#lastError),
        );
      case 'cancelRetry':
        return this.#timers.cancel('retryTimer');
      case 'renewToken':
        return void this.#connection.renew();
      case 'hello':
        return void this.#hello();
      case 'verify':
        return void this.#verify();
      case 'heads':
        return void this.#heads('headsAnswered');
      case 'catchUp':
        return this.#catchUp.start();
      case 'beat':
        return void this.#heads('beatAnswered');
      case 'armBeat':
        return this.#timers.arm('beatTimer', beatMs);
      case 'cancelBeat':
        return this.#timers.cancel('beatTimer');
      case 'armStable':
        return this.#timers.arm('stableTimer', stableMs);
      case 'cancelStable':
        return this.#timers.cancel('stableTimer');
      case 'announceSignInNeeded':
        return this.#options.listener.signInNeeded(this.#lastError ?? errorBody('AUTH_REVOKED'));
      default:
        return assertNever(effect, 'effect');
    }
  }

  #close(): void {
    this.#greeting = undefined;
    this.#connection.close();
    this.#catchUp.stop();
    this.#holdBack.clear();
    this.#divergence.reset();
    this.#options.listener.progressed(null);
  }

  async #hello(): Promise<void> {
    const { generation } = this.#connection;
    const { meta } = this.#options.stores;
    const epoch = this.#epoch;
    const headsToken = meta.get('headsToken') ?? undefined;
    const answer = await this.#connection.request('hello', { epoch, headsToken });
    if (!this.#connection.isCurrent(generation)) return;
    if (!answer.ok) return this.#fail(answer.error);
    const { serverTimeMs } = answer.value;
    this.#greeting = answer.value;
    this.#time.learnServerTime(serverTimeMs);
    stored(() => rememberServerTime(meta, serverTimeMs, this.#options.clock.nowMs()));
    this.#options.listener.timeLearned();
    this.#connection.keepRenewed(serverTimeMs);
    if (epoch === undefined) this.#keepEpoch(answer.value.epoch);
    if (epoch === undefined || epoch === answer.value.epoch) return this.dispatch({ type: 'helloAnswered' });
    this.#newEpoch = answer.value.epoch;
    this.dispatch({ type: 'epochChanged' });
  }

  async #verify(): Promise<void> {
    const { generation } = this.#connection;
    const found = await verifyLogs(this.#context);
    if (!this.#connection.isCurrent(generation)) return;
    if (!found.ok) return this.#fail(found.error);
    const { differing, lost } = found.value;
    if (differing.length + lost.length > 0) this.#options.listener.serverRestored();
    // The epoch is kept last: a crash before repeats the comparison.
    stored(() => this.#options.stores.meta.set('headsToken', null));
    if (this.#newEpoch !== undefined) this.#keepEpoch(this.#newEpoch);
    this.dispatch({ type: 'verified' });
  }

  /** Remembered at once; on a full disk the next start compares once more, which does no harm. */
  #keepEpoch(epoch: string): void {
    this.#epoch = epoch;
    stored(() => this.#options.stores.meta.set('epoch', epoch));
  }

  async #heads(then: 'headsAnswered' | 'beatAnswered'): Promise<void> {
    const beat = ++this.#beat;
    const { generation } = this.#connection;
    const outcome = await fetchHeads(this.#context);
    if (!this.#connection.isCurrent(generation)) return;
    if (!outcome.ok) {
      if (then === 'headsAnswered') return this.#fail(outcome.error);
      // A beat that was overtaken by a newer one says nothing about the connection.
      if (beat !== this.#beat) return;
      if (outcome.error.code === 'TIMEOUT') return this.dispatch({ type: 'beatMissed' });
      return this.#fail(outcome.error);
    }
    if (outcome.value.newEpoch !== null) {
      this.#newEpoch = outcome.value.newEpoch;
      return this.dispatch({ type: 'epochChanged' });
    }
    this.#catchUp.announced(outcome.value.named);
    this.dispatch({ type: then });
    for (const logId of outcome.value.suspicious) this.#suspect(logId);
    void this.#divergence.check();
  }

  #received(event: ServerEvent): void {
    if (isLogEvent(event)) return this.#holdBack.receive(event.payload.logId, [event.payload]);
    switch (event.name) {
      case 'events:batch':
        return this.#holdBack.receive(event.payload.logId, event.payload.events);
      case 'receipt:updated':
        return receiveReceipt(this.#context, event.payload);
      case 'thread:read': {
        const { conversationId, threadRootId, readSeq } = event.payload;
        // Not stored (disk full): the next heads say the same.
        stored(() => this.#options.stores.ingest.applyThreadRead(conversationId, threadRootId, readSeq));
        return;
      }
      case 'user:changed':
        return this.#hint();
      case 'connection:error':
        // A refused typing or presence word leaves the session as it is.
        if (isConnectionError(event.payload.code)) this.#fail(event.payload);
        return;
      case 'connection:established':
        return;
      default:
        return this.#options.listener.volatile(event);
    }
  }

  /** An ack goes the way of every event. What cannot be made from it alone (a creation, another id) is pulled. */
  #acknowledged(op: Op, result: OpResult, seq: number): void {
    const logId = result.canonicalId ?? op.logId;
    const memberVersion = this.#options.stores.reader.log(logId)?.memberVersion ?? 0;
    const event =
      logId === op.logId ? eventOfAck(op, result, this.#options.userId, memberVersion) : undefined;
    if (event) this.#holdBack.receive(logId, [event]);
    else this.#holdBack.expect(logId, seq);
  }

  // Something changed that only heads can tell.
  #hint(): void {
    if (canFlush(this.#state)) this.dispatch({ type: 'beatTimer' });
  }

  #suspect(logId: string): void {
    this.#holdBack.forget(logId);
    this.#divergence.suspect(logId);
  }

  #caughtUp(): void {
    const { meta } = this.#options.stores;
    if (meta.get('firstSyncDone') === null) stored(() => meta.set('firstSyncDone', '1'));
    this.#options.listener.progressed(null);
    this.dispatch({ type: 'caughtUp' });
  }

  #committed(logId: string, events: readonly Envelope[], source: CommitSource): void {
    if (source === 'window') this.#delivered.noteTail(logId);
    else this.#delivered.note(logId, events);
    if (source === 'push') this.#headsHint.note(events);
    this.#options.listener.committed(logId, events, source);
    this.#flush.kick();
  }

  #refused(error: ErrorBody): void {
    this.#lastError = error;
    this.dispatch({ type: 'tokenRefused', code: error.code });
  }

  #fail(error: ErrorBody): void {
    this.#lastError = error;
    this.dispatch({ type: 'connectionFailed', code: error.code });
  }
}
