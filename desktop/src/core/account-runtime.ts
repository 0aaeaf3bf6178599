/**
 * One open account: its files, its connection, its notifications. Owns their life and the facts of session and
 * connection that views show. Reading and composing work from the moment it is open, whatever the network does.
 */
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import { OP_VERSION } from '@curlew/shared/protocol/ops.ts';
import type { CoreConfig, FromCore } from '../ipc/core-port.ts';
import type { Notice } from '../ipc/views.ts';
import { createAccountQueries, type AccountQueries } from './account-queries.ts';
import type { Attention, Seen } from './attention.ts';
import { connectionFacts } from './connection-facts.ts';
import { MessageSearch } from './message-search.ts';
import { Notifications } from './notifications.ts';
import type { Clock, Log, Random, Timers } from './ports.ts';
import type { Account } from './session/account-registry.ts';
import type { Keyring } from './session/keyring.ts';
import { TokenKeeper } from './session/token-keeper.ts';
import type { AccountStores } from './store/store-types.ts';
import { withRights } from './store/views/own-orgs.ts';
import type { VolatileState } from './store/views/volatile-state.ts';
import { SyncEngine } from './sync/sync-engine.ts';
import type { SyncListener, VolatileServerEvent } from './sync/sync-listener.ts';
import type { SyncState } from './sync/sync-cells.ts';
import { stored, tuningFrom } from './sync/sync-context.ts';
import type { Transport } from './transport/transport-types.ts';
import { TypingReporter } from './typing-reporter.ts';

/** The longest a deadline goes unlooked at: a computer that slept has other time than its timers. */
const EXPIRY_CHECK_MS = 30_000;

/** What an account is opened with. */
export interface AccountPorts {
  /** The account's folder. */
  readonly dir: string;
  readonly config: CoreConfig;
  readonly instance: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly log: Log;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly volatile: VolatileState;
  readonly attention: Attention;
  post(message: FromCore): void;
  /** The server says who I am (name, organisations); kept for the next start. */
  profileLearned(change: Pick<Account, 'name' | 'orgs' | 'email'>): void;
  /** The sign-in ended; `wipe` asks for the data to be removed. */
  signInEnded(error: ErrorBody): void;
  /** People whose presence is on screen. */
  watchedPeople(): readonly string[];
}

/** See the file comment. */
export class AccountRuntime {
  readonly stores: AccountStores;
  readonly engine: SyncEngine;
  readonly tokens: TokenKeeper;
  readonly queries: AccountQueries;
  readonly typing: TypingReporter;
  readonly search: MessageSearch;
  readonly #ports: AccountPorts;
  readonly #notifications: Notifications;
  readonly #unsubscribe: () => void;
  #account: Account;
  #lastContactMs: number | null = null;
  #progress: { readonly done: number; readonly total: number } | null = null;
  #runNotices: readonly Notice[] = [];
  /** Answers that come later change nothing: another account may be open by now, or none. */
  #isClosed = false;
  #cancelExpiry: (() => void) | undefined;
  #cancelSweep: (() => void) | undefined;

  constructor(account: Account, stores: AccountStores, ports: AccountPorts) {
    this.#account = account;
    this.#ports = ports;
    this.stores = stores;
    const { clock, timers, random, log, transport, keyring } = ports;
    const { accountId, userId, deviceId } = account;
    this.tokens = new TokenKeeper({
      accountId,
      keyring,
      http: transport,
      clock,
      timers,
      log,
      onKeyringState: () => this.publishSession(),
    });
    this.engine = new SyncEngine({
      userId,
      deviceId,
      instance: ports.instance,
      appVersion: ports.config.appVersion,
      stores,
      transport,
      tokens: this.tokens,
      clock,
      timers,
      random,
      log,
      tuning: tuningFrom(ports.config.tuning),
      listener: this.#syncListener(),
      visibleConversations: () => this.#visible(),
    });
    this.queries = createAccountQueries(stores, userId);
    this.typing = new TypingReporter(clock, timers, (event, conversationId) => {
      if (event === 'typing:start' && this.queries.preferences().shareTyping === false) return;
      this.engine.emit(event, { conversationId });
    });
    this.#notifications = new Notifications({
      accountId,
      userId,
      queries: this.queries,
      reader: stores.reader,
      serverNowMs: () => this.engine.serverNowMs(),
      isWatched: (id) => ports.attention.isWatched(id),
      post: (message) => ports.post(message),
    });
    this.search = new MessageSearch({
      dir: ports.dir,
      cacheDb: stores.cacheDb,
      changes: stores.changes,
      clock,
      timers,
      log,
      isBusy: () => this.engine.state.name === 'CATCH_UP',
    });
    this.#unsubscribe = stores.changes.onChange((keys) => {
      if (keys.has('session')) this.publishSession();
      for (const id of this.#notifications.standing()) this.#noteRead(id);
      if ([...keys].some((key) => key.startsWith('messages:'))) this.#armSweep();
    });
  }

  /** Who this is. */
  get account(): Account {
    return this.#account;
  }

  /** Shows everything that is here, then connects if the sign-in is good. */
  start(): void {
    if (this.#isClosed) return;
    this.publishSession();
    this.#publishConnection();
    this.expireOps();
    this.#sweep();
    if (!this.#account.needsSignIn) this.engine.dispatch({ type: 'signedIn' });
  }

  /** Cancels what was to be sent before now, and looks again when the next is over: also without a connection. */
  expireOps(): void {
    if (this.#isClosed) return;
    this.#cancelExpiry?.();
    const nowMs = this.nowMs();
    const next = stored(() => this.stores.outbox.expire(nowMs));
    // Disk full: looked at again like one that is over later.
    const delayMs = next.ok && next.value !== null ? Math.max(0, next.value - nowMs) : EXPIRY_CHECK_MS;
    const isNeeded = !next.ok || next.value !== null;
    this.#cancelExpiry = isNeeded
      ? this.#ports.timers.after(Math.min(delayMs, EXPIRY_CHECK_MS), () => this.expireOps())
      : undefined;
  }

  /** Ends the connection and closes the files. */
  close(): void {
    this.#isClosed = true;
    this.#cancelExpiry?.();
    this.#cancelSweep?.();
    this.typing.stop();
    this.engine.stop();
    this.#unsubscribe();
    this.search.close();
    this.stores.close();
    this.#ports.transport.dispose();
    this.#ports.volatile.clear();
  }

  /** Removes messages whose time is over, and looks again when the next one's is. */
  #sweep(): void {
    if (this.#isClosed) return;
    const swept = stored(() => this.stores.lifetime.sweep(this.engine.serverNowMs()));
    if (swept.ok) for (const id of swept.value.conversationIds) this.#notifications.withdraw(id);
    this.#armSweep(swept.ok ? swept.value.nextMs : null);
  }

  #armSweep(nextMs: number | null = this.stores.lifetime.nextMs()): void {
    if (this.#isClosed) return;
    this.#cancelSweep?.();
    const delayMs = nextMs === null ? EXPIRY_CHECK_MS : Math.max(0, nextMs - this.engine.serverNowMs());
    this.#cancelSweep = this.#ports.timers.after(Math.min(delayMs, EXPIRY_CHECK_MS), () => this.#sweep());
  }

  /** Time for outbox rows. */
  nowMs(): number {
    return this.engine.steadyNowMs();
  }

  /** A new op or conversation id. */
  newId(): string {
    return uuidV7(Math.max(0, this.engine.serverNowMs()), this.#ports.random.bytes(10));
  }

  /** A message was read on this screen. Reading past "unread from here" takes that mark away, on all my devices. */
  markRead(conversationId: string, seq: number): void {
    const { outbox } = this.stores;
    const id = outbox.aliasOf(conversationId);
    const unreadFrom = this.queries.unreadFrom(id);
    if (unreadFrom !== null && unreadFrom <= seq) {
      const { userId: logId } = this.#account;
      const op = { opId: this.newId(), v: OP_VERSION, logId, key: `unread:${id}`, value: null } as const;
      outbox.enqueue({ kind: 'account.set', ...op }, this.nowMs());
    }
    outbox.raiseWatermark('read.set', id, seq);
    this.#notifications.readMoved(id, seq);
    this.engine.kick();
  }

  /** A message was read on this screen, in a conversation or in a thread. */
  markSeen({ conversationId, rootId, seq }: Seen): void {
    if (rootId === null) this.markRead(conversationId, seq);
    else this.markThreadRead(conversationId, rootId, seq);
  }

  /** The replies of a thread were read on this screen. */
  markThreadRead(conversationId: string, rootId: string, seq: number): void {
    this.stores.outbox.raiseThreadRead(conversationId, rootId, seq);
    this.engine.kick();
  }

  /** Something about the account itself changed. */
  changeAccount(change: Partial<Account>): void {
    this.#account = { ...this.#account, ...change };
    this.publishSession();
  }

  /** Whether what is known of the account could not be written down, and so holds for this run alone. */
  setUnsaved(isUnsaved: boolean): void {
    if (isUnsaved) this.#addNotice('accountUnsaved');
    else if (this.#runNotices.some(({ kind }) => kind === 'accountUnsaved'))
      this.dismissNotice('accountUnsaved');
  }

  /** Removes a notice, of the files or of this run. */
  dismissNotice(id: string): void {
    this.#runNotices = this.#runNotices.filter((notice) => notice.id !== id);
    this.stores.dismissNotice(id);
    this.publishSession();
  }

  /** Watches people on screen; asked again with every connection. */
  watchPresence(userIds: readonly string[]): void {
    this.engine.emit('presence:watch', { userIds: [...userIds] });
  }

  /** Fetches my devices for whoever shows them. */
  async loadDevices(): Promise<void> {
    const { volatile } = this.#ports;
    volatile.setDevicesLoading();
    const answer = await this.engine.call('devices', {});
    if (this.#isClosed) return;
    if (!answer.ok) return volatile.setDevicesFailed(answer.error);
    const active = answer.value.devices.filter((device) => device.revokedAt === null);
    volatile.setDevices(
      active.map(({ id, name, createdAt, lastSeenAt, current }) => ({
        id,
        name,
        createdAtMs: createdAt,
        lastSeenMs: lastSeenAt,
        isCurrent: current,
      })),
    );
  }

  /** Tells views who is signed in. */
  publishSession(): void {
    if (this.#isClosed) return;
    const { accountId, userId, deviceId, serverUrl, email, name, orgs, needsSignIn } = this.#account;
    this.#ports.volatile.setSession({
      state: 'active',
      accountId,
      userId,
      deviceId,
      serverUrl,
      email,
      name,
      orgs: orgs.map((org) => withRights(org, {})),
      needsSignIn,
      keyring: this.tokens.keyringState,
      notices: [...this.stores.notices(), ...this.#runNotices],
    });
  }

  #syncListener(): SyncListener {
    const ports = this.#ports;
    return {
      stateChanged: (state) => this.#stateChanged(state),
      progressed: (progress) => {
        this.#progress = progress;
        this.#publishConnection();
      },
      contacted: () => {
        this.#lastContactMs = ports.clock.nowMs();
      },
      volatile: (event) => this.#volatile(event),
      committed: (logId, events, source) => this.#committed(logId, events, source),
      signInNeeded: (error) => ports.signInEnded(error),
      serverRestored: () => this.#addNotice('serverRestored'),
      setHistory: (id, state) => ports.volatile.setHistory(id, state),
    };
  }

  #stateChanged(state: SyncState): void {
    const { volatile } = this.#ports;
    if (state.name === 'CATCH_UP') {
      this.watchPresence(this.#ports.watchedPeople());
      for (const id of this.#visible()) this.engine.announceOpen('conversation:join', id);
    }
    if (state.name === 'LIVE') void this.#learnProfile();
    if (state.name === 'OFFLINE' || state.name === 'SIGNED_OUT') {
      volatile.clearPresence();
      volatile.clearTyping();
    }
    if (state.name === 'UPGRADE') this.#addNotice('updateRequired');
    if (state.code === 'DEVICE_CLONED') {
      this.#addNotice('deviceCloned');
      // Signing in again gives this copy a device id of its own.
      this.#ports.signInEnded(errorBody('DEVICE_CLONED'));
    }
    this.#publishConnection();
  }

  #publishConnection(): void {
    const facts = connectionFacts(this.engine.state, this.engine.lastError, this.#account.needsSignIn);
    const { volatile } = this.#ports;
    volatile.setConnection({ ...facts, lastContactMs: this.#lastContactMs, progress: this.#progress });
  }

  async #learnProfile(): Promise<void> {
    const me = await this.engine.call('me', {});
    if (!me.ok || this.#isClosed) return;
    const { name, orgs, email } = me.value;
    this.#ports.profileLearned({ name, orgs, email });
  }

  #volatile(event: VolatileServerEvent): void {
    const { volatile } = this.#ports;
    switch (event.name) {
      case 'typing:start':
      case 'typing:stop': {
        const { conversationId, userId } = event.payload;
        return volatile.setTyping(conversationId, userId, event.name === 'typing:start');
      }
      case 'user:online':
      case 'user:offline':
      case 'presence:changed':
        return volatile.setPresence([event.payload]);
      case 'presence:snapshot':
        return volatile.setPresence(event.payload.users);
    }
  }

  #committed(logId: string, events: readonly Envelope[], source: 'push' | 'pull' | 'window'): void {
    for (const event of events) {
      // Whoever just sent is not typing any more, also when the stop got lost.
      if (event.type === 'message:new') this.#ports.volatile.setTyping(logId, event.actorId, false);
    }
    this.#notifications.committed(logId, events, source);
  }

  #noteRead(conversationId: string): void {
    const log = this.stores.reader.log(conversationId);
    if (log) this.#notifications.readMoved(conversationId, log.readSeq);
  }

  #visible(): readonly string[] {
    return this.#ports.attention.visible().map((id) => this.stores.outbox.aliasOf(id));
  }

  #addNotice(kind: Notice['kind']): void {
    this.#runNotices = [...this.#runNotices.filter((notice) => notice.kind !== kind), { id: kind, kind }];
    this.publishSession();
  }
}
