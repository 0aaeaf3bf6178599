/**
 * The core's host: keeps the core's thread running and speaks its port. Owns requests under way, open views and the
 * restart after a crash.
 *
 * Promises: every intent and every openView is answered exactly once, also when the core dies; a view keeps its id
 * and its gapless versions across a restart; what the core must know of windows and machine is told again.
 */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import { assertNever, err, ok } from '@curlew/shared/lib/result.ts';
import type { CoreConfig, EnvironmentEvent, FromCore, PortRequest, ToCore } from '../ipc/core-port.ts';
import type { ViewChange, ViewState } from '../ipc/feed.ts';
import type { IntentName } from '../ipc/intents.ts';
import type { NotificationReport } from '../ipc/notifications.ts';
import type { ViewName } from '../ipc/views.ts';
import type { ErrorFacts } from './error-facts.ts';
import { EnvironmentMemory } from './environment-memory.ts';
import type { Log } from './log-file.ts';
import { restartDelayMs } from './restart-delay.ts';
import type { AnyOpenedView } from './view-registry.ts';
import { ViewRegistry } from './view-registry.ts';

/** A running core: a worker thread in the app, anything that speaks the port in tests. */
export interface CoreProcess {
  post(message: ToCore): void;
  /** Ends it without asking; resolves when it is gone. */
  terminate(): Promise<void>;
}

/** What a started core reports. */
export interface CoreProcessEvents {
  onMessage(message: FromCore): void;
  /** Called once, whatever the reason; with the exception nobody caught, if that was it. */
  onExit(uncaught: ErrorFacts | null): void;
}

/** Facts of the core that the rest of main reacts to. */
export type CoreFact = Extract<FromCore, { readonly type: 'badge' | 'notify' | 'notificationsObsolete' }>;

/** What the host needs. */
export interface CoreHostPorts {
  start(events: CoreProcessEvents): CoreProcess;
  readonly config: CoreConfig;
  /** Answers one question of the core; a rejection counts as INTERNAL. */
  answerPort(request: PortRequest): Promise<unknown>;
  /** Delivers changes to the window that opened the views. */
  toWindow(windowId: number, changes: readonly ViewChange[]): void;
  onFact(fact: CoreFact): void;
  /** The core died and will be started again; `crashes` counts those since it last ran well. */
  onCrash(crashes: number): void;
  after(delayMs: number, run: () => void): () => void;
  nowMs(): number;
  log: Log;
}

type Answer<T> = (answer: Result<T, ErrorBody>) => void;
type CoreViewAnswer = { viewId: number; version: number; state: ViewState };

/** A core that stays up this long after a crash counts as well again. */
const WELL_AFTER_MS = 60_000;
/** How long a stop may take before the thread is ended: a SQLite checkpoint takes well under a second. */
const STOP_TIMEOUT_MS = 5_000;

type State =
  | { readonly kind: 'idle' | 'stopped' }
  | { readonly kind: 'starting'; readonly process: CoreProcess; readonly waiting: ToCore[] }
  | { readonly kind: 'running'; readonly process: CoreProcess; readonly sinceMs: number }
  | { readonly kind: 'crashed'; readonly cancelRestart: () => void; readonly waiting: ToCore[] }
  | { readonly kind: 'stopping'; readonly process: CoreProcess; readonly done: () => void };

/** See the file's head. */
export class CoreHost {
  readonly #ports: CoreHostPorts;
  readonly #views: ViewRegistry;
  readonly #environment = new EnvironmentMemory();
  readonly #intents = new Map<number, Answer<unknown>>();
  readonly #openings = new Map<number, Answer<CoreViewAnswer>>();
  #state: State = { kind: 'idle' };
  #nextId = 1;
  #crashes = 0;

  /** @param nextViewId source of view ids, shared with the views main serves itself */
  constructor(ports: CoreHostPorts, nextViewId: () => number) {
    this.#ports = ports;
    this.#views = new ViewRegistry(nextViewId);
  }

  /** Starts the core. Messages sent before it is ready wait. */
  start(): void {
    if (this.#state.kind === 'idle') this.#launch([]);
  }

  /** Sends an intent whose request is already parsed. */
  intent(windowId: number, name: IntentName, request: unknown): Promise<Result<unknown, ErrorBody>> {
    return new Promise((resolve) => {
      const id = this.#nextId++;
      this.#intents.set(id, resolve);
      this.#post({ type: 'intent', id, windowId, name, request });
    });
  }

  /** Opens a view whose parameters are already parsed. */
  async openView(
    windowId: number,
    view: ViewName,
    params: unknown,
  ): Promise<Result<AnyOpenedView, ErrorBody>> {
    const viewId = this.#views.add(windowId, view, params);
    const answer = await this.#openInCore(windowId, view, params);
    if (!answer.ok) {
      this.#views.remove(windowId, viewId);
      return answer;
    }
    const opened = this.#views.opened(viewId, answer.value.viewId, answer.value.version);
    if (!opened) {
      // The window went away while the core was opening the view.
      this.#post({ type: 'closeView', windowId, viewId: answer.value.viewId });
      return err(errorBody('NOT_FOUND'));
    }
    return ok({ viewId, version: answer.value.version, state: answer.value.state });
  }

  /** Closes a view of this window; ids of other windows are ignored. */
  closeView(windowId: number, viewId: number): void {
    const coreViewId = this.#views.remove(windowId, viewId);
    if (coreViewId !== undefined) this.#post({ type: 'closeView', windowId, viewId: coreViewId });
  }

  /** Closes all views of a window that is loading anew or gone. */
  closeViewsOf(windowId: number): void {
    for (const coreViewId of this.#views.removeWindow(windowId)) {
      this.#post({ type: 'closeView', windowId, viewId: coreViewId });
    }
  }

  /** Tells the core about the machine or a window. */
  environment(event: EnvironmentEvent): void {
    this.#environment.remember(event);
    this.#post({ type: 'environment', event });
  }

  /** Tells the core what became of notifications. */
  notified(reports: readonly NotificationReport[]): void {
    if (reports.length > 0) this.#post({ type: 'notified', reports });
  }

  /** Stops the core and resolves when its files are closed, or after 5 s at the latest. */
  async stop(): Promise<void> {
    const state = this.#state;
    if (state.kind === 'crashed') state.cancelRestart();
    if (state.kind !== 'starting' && state.kind !== 'running') {
      if (state.kind === 'stopping') return;
      this.#state = { kind: 'stopped' };
      // A core that crashed has questions waiting for its successor, which never comes.
      return this.#failPending();
    }
    await new Promise<void>((resolve) => {
      const cancel = this.#ports.after(STOP_TIMEOUT_MS, () => {
        this.#ports.log('warn', 'core.stopTimeout');
        resolve();
      });
      const done = (): void => {
        cancel();
        resolve();
      };
      this.#state = { kind: 'stopping', process: state.process, done };
      if (state.kind === 'starting') for (const message of state.waiting) state.process.post(message);
      state.process.post({ type: 'stop' });
    });
    this.#state = { kind: 'stopped' };
    this.#failPending();
    await state.process.terminate();
  }

  #launch(waiting: ToCore[]): void {
    const process = this.#ports.start({
      onMessage: (message) => this.#receive(message),
      onExit: (uncaught) => this.#exited(process, uncaught),
    });
    this.#state = { kind: 'starting', process, waiting };
    process.post({ type: 'start', config: this.#ports.config });
    for (const event of this.#environment.events()) process.post({ type: 'environment', event });
  }

  #post(message: ToCore): void {
    const state = this.#state;
    if (state.kind === 'running') state.process.post(message);
    else if (state.kind === 'starting' || state.kind === 'crashed') state.waiting.push(message);
    else this.#failPending();
  }

  #receive(message: FromCore): void {
    switch (message.type) {
      case 'ready':
        return this.#ready();
      case 'stopped':
        if (this.#state.kind === 'stopping') this.#state.done();
        return;
      case 'intentAnswer':
        return settle(this.#intents, message.id, message.answer);
      case 'viewOpened':
        return settle(this.#openings, message.id, message.answer);
      case 'viewsChanged': {
        const { windowId } = message;
        const changes = message.changes.flatMap((change) => this.#views.translate(windowId, change) ?? []);
        if (changes.length > 0) this.#ports.toWindow(windowId, changes);
        return;
      }
      case 'portRequest':
        void this.#answer(message.id, message.request);
        return;
      case 'badge':
      case 'notify':
      case 'notificationsObsolete':
        return this.#ports.onFact(message);
      case 'log':
        return this.#ports.log(message.level, message.event, message.fields);
      default:
        return assertNever(message, 'message of the core');
    }
  }

  #ready(): void {
    if (this.#state.kind !== 'starting') return;
    const { process, waiting } = this.#state;
    this.#state = { kind: 'running', process, sinceMs: this.#ports.nowMs() };
    for (const message of waiting) process.post(message);
  }

  async #answer(id: number, request: PortRequest): Promise<void> {
    const process = 'process' in this.#state ? this.#state.process : undefined;
    const answer = await this.#ports.answerPort(request).catch((): unknown => err(errorBody('INTERNAL')));
    // An answer belongs to the core that asked, not to one started after it.
    process?.post({ type: 'portAnswer', id, answer });
  }

  #exited(process: CoreProcess, uncaught: ErrorFacts | null): void {
    const state = this.#state;
    if (!('process' in state) || state.process !== process) return;
    if (state.kind === 'stopping') return state.done();
    if (state.kind === 'running' && this.#ports.nowMs() - state.sinceMs > WELL_AFTER_MS) this.#crashes = 0;
    this.#crashes += 1;
    this.#ports.log('error', 'core.crashed', { crashes: this.#crashes, ...uncaught });
    this.#views.orphanAll();
    this.#failPending();
    const waiting: ToCore[] = [];
    const cancelRestart = this.#ports.after(restartDelayMs(this.#crashes), () => this.#restart(waiting));
    this.#state = { kind: 'crashed', cancelRestart, waiting };
    this.#ports.onCrash(this.#crashes);
  }

  #restart(waiting: ToCore[]): void {
    this.#launch(waiting);
    for (const view of this.#views.orphans())
      void this.#reopen(view.viewId, view.windowId, view.view, view.params);
  }

  async #reopen(viewId: number, windowId: number, view: ViewName, params: unknown): Promise<void> {
    const answer = await this.#openInCore(windowId, view, params);
    if (!answer.ok) return this.#ports.log('warn', 'core.viewLost', { view, code: answer.error.code });
    const change = this.#views.reopened(viewId, answer.value);
    if (change) this.#ports.toWindow(windowId, [change]);
    else this.#post({ type: 'closeView', windowId, viewId: answer.value.viewId });
  }

  #openInCore(windowId: number, view: ViewName, params: unknown): Promise<Result<CoreViewAnswer, ErrorBody>> {
    return new Promise((resolve) => {
      const id = this.#nextId++;
      this.#openings.set(id, resolve);
      this.#post({ type: 'openView', id, windowId, view, params });
    });
  }

  /** What was under way when the core went away has no answer any more; whoever asked decides what to do. */
  #failPending(): void {
    const pending = [...this.#intents.values(), ...this.#openings.values()];
    this.#intents.clear();
    this.#openings.clear();
    for (const answer of pending) answer(err(errorBody('INTERNAL', { detail: 'the core stopped' })));
  }
}

function settle<T>(pending: Map<number, Answer<T>>, id: number, answer: Result<T, ErrorBody>): void {
  const resolve = pending.get(id);
  pending.delete(id);
  resolve?.(answer);
}
