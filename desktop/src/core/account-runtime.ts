/**
 * One open account: its files, its connection, its notifications. Owns their life and the facts of session and
 * connection that views show. Reading and composing work from the moment it is open, whatever the network does.
 */
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import { OP_VERSION } from '@curlew/shared/protocol/ops.ts';
import type { CoreConfig, FromCore } from '../ipc/core-port.ts';
import type { NotificationReport, NotificationSettings } from '../ipc/notifications.ts';
import type { Notice } from '../ipc/views.ts';
import { createAccountQueries, type AccountQueries } from './account-queries.ts';
import type { Attention, Seen } from './attention.ts';
import { connectionFacts } from './connection-facts.ts';
import { createNotifications } from './create-notifications.ts';
import { Deadlines } from './deadlines.ts';
import { MessageSearch } from './message-search.ts';
import type { Notifications } from './notifications.ts';
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
import { tuningFrom } from './sync/sync-context.ts';
import type { Transport } from './transport/transport-types.ts';
import { TypingReporter } from './typing-reporter.ts';

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
  /** The sign-in of before, where only the files were closed. */
  readonly tokens?: TokenKeeper | undefined;
  readonly volatile: VolatileState;
  readonly attention: Attention;
  post(message: FromCore): void;
  /** The server says who I am (name, organisations); kept for the next start. */
  profileLearned(change: Pick<Account, 'name' | 'orgs' | 'email'>): void;
  /** The sign-in ended; `wipe` asks for the data to be removed. */
  signInEnded(error: ErrorBody): void;
  /** How this device is set to notify. */
  notificationSettings(): NotificationSettings;
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
  readonly deadlines: Deadlines;
  readonly #ports: AccountPorts;
  readonly #notifications: Notifications;
  readonly #unsubscribe: () => void;
  #account: Account;
  #lastContactMs: number | null = null;
  #progress: { readonly done: number; readonly total: number } | null = null;
  #runNotices: readonly Notice[] = [];
  /** Answers that come later change nothing: another account may be open by now, or none. */
  #isClosed = false;

  constructor(account: Account, stores: AccountStores, ports: AccountPorts) {
    this.#account = account;
    this.#ports = ports;
    this.stores = stores;
    const { clock, timers, random, log, transport, keyring } = ports;
    const { accountId, userId, deviceId } = account;
    const onKeyringState = (): void => this.publishSession();
    this.tokens =
      ports.tokens ??
      new TokenKeeper({ accountId, keyring, http: transport, clock, timers, log, onKeyringState });
    ports.tokens?.tell(onKeyringState);
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
    const { engine, queries } = this;
    this.#notifications = createNotifications({
      account,
      stores,
      engine,
      queries,
      ports,
      newId: () => this.newId(),
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
    this.deadlines = new Deadlines({
      stores,
      timers,
      nowMs: () => this.nowMs(),
      serverNowMs: () => this.engine.serverNowMs(),
      removed: (ids) => {
        for (const id of ids) this.#notifications.withdraw(id);
      },
    });
    this.#unsubscribe = stores.changes.onChange((keys) => {
      if (keys.has('session')) this.publishSession();
      for (const id of this.#notifications.standing()) this.#notifications.readMoved(id);
    });
  }

  /** Who this is. */
  get account(): Account {
    return this.#account;
  }

  /** Last word from the server, wall clock. */
  get lastContactMs(): number | null {
    return this.#lastContactMs;
  }

  /** The way to its server. */
  get transport(): Transport {
    return this.#ports.transport;
  }

  /** Shows everything that is here, then connects if the sign-in is good. */
  start(): void {
    if (this.#isClosed) return;
    this.publishSession();
    this.#publishConnection();
    this.deadlines.check();
    if (!this.#account.needsSignIn) this.engine.dispatch({ type: 'signedIn' });
  }

  /** The way to the server is another one now: what is connected goes, and comes back by it. */
  reroute(): void {
    this.#ports.transport.dispose();
    const { name } = this.engine.state;
    if (name === 'SIGNED_OUT' || name === 'FENCED' || name === 'UPGRADE') return;
    this.engine.dispatch({ type: 'signedIn' });
  }

  /** Ends the connection and closes the files. */
  close(): void {
    this.#isClosed = true;
    this.deadlines.stop();
    this.typing.stop();
    this.engine.stop();
    this.#unsubscribe();
    this.search.close();
    this.stores.close();
    this.#ports.transport.dispose();
    this.#ports.volatile.clear();
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
    this.#notifications.readMoved(id);
    this.engine.kick();
  }

  /** A message was read on this screen, in a conversation or in a thread. */
  markSeen({ conversationId, rootId, seq }: Seen): void {
    if (rootId === null) this.markRead(conversationId, seq);
    else this.markThreadRead(conversationId, rootId, seq);
  }

  /** The replies of a thread were read on this screen. */
  markThreadRead(conversationId: string, rootId: string, seq: number, tellAtMs?: number): void {
    this.stores.outbox.raiseThreadRead(conversationId, rootId, seq, tellAtMs);
    this.#notifications.readMoved(this.stores.outbox.aliasOf(conversationId));
    this.engine.kick();
  }

  /** Main says what became of notifications. */
  notified(reports: readonly NotificationReport[]): void {
    if (!this.#isClosed) this.#notifications.reported(reports);
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
      active.map(({ id, name, createdAt, lastSeenAt, current, address }) => ({
        id,
        name,
        createdAtMs: createdAt,
        lastSeenMs: lastSeenAt,
        isCurrent: current,
        address,
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
      timeLearned: () => this.deadlines.check(),
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
    if (state.name === 'LIVE') {
      this.#notifications.resynced();
      void this.#learnProfile();
    }
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

  #visible(): readonly string[] {
    return this.#ports.attention.visible().map((id) => this.stores.outbox.aliasOf(id));
  }

  #addNotice(kind: Notice['kind']): void {
    this.#runNotices = [...this.#runNotices.filter((notice) => notice.kind !== kind), { id: kind, kind }];
    this.publishSession();
  }
}
