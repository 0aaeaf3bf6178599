/**
 * The core: everything behind the windows, in one worker thread or one child process. Owns routing the port's messages
 * and which account is open. Promises: every intent and view is answered once, whatever happens inside; views work
 * before the first connection and without one.
 */
import { isDeepStrictEqual } from 'node:util';
import { err, type Result } from '@curlew/shared/lib/result.ts';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { CoreConfig, EnvironmentEvent, FromCore, ToCore } from '../ipc/core-port.ts';
import { intents, type IntentName } from '../ipc/intents.ts';
import type { ViewChange } from '../ipc/feed.ts';
import { AccountRuntime } from './account-runtime.ts';
import { Attention } from './attention.ts';
import { ChangeQueue } from './change-queue.ts';
import { defaultNotificationSettings, type NotificationSettings } from '../ipc/notifications.ts';
import type { Clock, Log, Random, Timers } from './ports.ts';
import { findAccountFolder } from './session/account-folders.ts';
import { AccountRegistry, accountDir, wipeAccountDir, type Account } from './session/account-registry.ts';
import { PortClient } from './session/port-client.ts';
import { createChanges } from './store/changes.ts';
import { createLiveViews, type LiveViews } from './store/live-query.ts';
import { openAccount } from './open-account.ts';
import { isDiskFull, StoreError } from './store/store-error.ts';
import type { Changes } from './store/store-types.ts';
import type { AccountReads } from './store/views/account-reads.ts';
import type { Unread } from './store/views/conversation-list.ts';
import { createVolatileState, type VolatileState } from './store/views/volatile-state.ts';
import { createNodeTransport } from './transport/node-transport.ts';
import { linkPreviewsOf } from './previews/link-previews.ts';
import type { RouteResolver, Transport } from './transport/transport-types.ts';

/** The window id of the core's own view, by which it learns the badge. */
const OWN_WINDOW = -1;

/** Makes the transport to a server; simulation gives its own. */
export type CreateTransport = (serverUrl: string, route: RouteResolver, log: Log) => Transport;

/** Everything the core gets from its process. */
export interface CoreHost {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly createTransport?: CreateTransport | undefined;
  post(message: FromCore): void;
}

/** Answers intents by name. A request was parsed by the schema of the same name; names that main handles are absent. */
export type IntentTable = Readonly<
  Partial<
    Record<
      IntentName,
      (
        context: { readonly core: Core; readonly windowId: number },
        request: unknown,
      ) => Result<unknown, ErrorBody> | Promise<Result<unknown, ErrorBody>>
    >
  >
>;

/** See the file comment. */
export class Core {
  readonly host: CoreHost;
  readonly ports: PortClient;
  readonly volatile: VolatileState;
  readonly attention: Attention;
  readonly log: Log;
  readonly #handlers: IntentTable;
  readonly #changes: Changes;
  /** Previews of links being written. */
  readonly linkPreviews = linkPreviewsOf(this);
  readonly #views: LiveViews;
  readonly #instance: string;
  /** People on screen by window, for presence. */
  readonly #watched = new Map<number, readonly string[]>();
  readonly #unposted: ChangeQueue;
  #config: CoreConfig | undefined;
  #registry: AccountRegistry | undefined;
  #account: AccountRuntime | undefined;
  #badge: number | undefined;
  #notificationSettings: NotificationSettings = defaultNotificationSettings;

  constructor(host: CoreHost, handlers: IntentTable) {
    this.host = host;
    this.#handlers = handlers;
    this.#unposted = new ChangeQueue((message) => host.post(message));
    this.log = (level, event, fields = {}) => host.post({ type: 'log', level, event, fields });
    this.ports = new PortClient((message) => host.post(message));
    this.volatile = createVolatileState(host.timers);
    this.attention = new Attention(host.timers, (seen) => this.#account?.markSeen(seen));
    this.#instance = uuidV7(Math.max(0, host.clock.nowMs()), host.random.bytes(10));
    this.#changes = createChanges(queueMicrotask, (cause) => this.#bug('changes.listenerFailed', cause));
    this.#views = createLiveViews({
      changes: this.#changes,
      volatile: this.volatile,
      clock: host.clock,
      timers: host.timers,
      history: {
        requestHole: (id, _lo, hi) => this.#account?.engine.wantHistory(id, { kind: 'before', hi }),
        requestMessage: (id, messageId) =>
          this.#account?.engine.wantHistory(id, { kind: 'around', messageId }),
      },
      send: (windowId, change) => this.#send(windowId, change),
      readFailed: (cause) => this.#bug('view.readFailed', cause),
    });
  }

  /** The open account, if any. */
  get account(): AccountRuntime | undefined {
    return this.#account;
  }

  /** What views of the open account read; null while nobody is signed in. */
  get reads(): AccountReads | null {
    return this.#views.reads();
  }

  /** The configuration; the core is not used before it has one. */
  get config(): CoreConfig {
    if (!this.#config) throw new Error('the core was not started');
    return this.#config;
  }

  /** The accounts this device knows. */
  get registry(): AccountRegistry {
    if (!this.#registry) throw new Error('the core was not started');
    return this.#registry;
  }

  /** One message of main. */
  receive(message: ToCore): void {
    switch (message.type) {
      case 'start':
        return this.#start(message.config);
      case 'intent':
        return void this.#intent(message.id, message.windowId, message.name, message.request);
      case 'openView':
        return this.#openView(message);
      case 'closeView':
        return this.#views.closeView(message.windowId, message.viewId);
      case 'environment':
        return this.#environment(message.event);
      case 'notified':
        return this.#account?.notified(message.reports);
      case 'portAnswer':
        return this.ports.receive(message.id, message.answer);
      case 'stop':
        return this.#stop();
    }
  }

  /** Makes the transport to a server, proxy and certificates included. */
  createTransport(serverUrl: string): Transport {
    const { createTransport, clock } = this.host;
    if (createTransport) return createTransport(serverUrl, this.ports.route, this.log);
    return createNodeTransport(serverUrl, this.ports.route, () => clock.monotonicMs(), this.log);
  }

  /** Opens an account's files and shows them. `kept`: what it goes on with, where only its files were closed. */
  openAccount(account: Account, kept?: Pick<AccountRuntime, 'tokens' | 'transport'>): AccountRuntime {
    this.closeAccount();
    const { host, volatile, attention, log } = this;
    const dir = accountDir(this.config.dataDir, account.accountId);
    const stores = openAccount({
      dir,
      serverUrl: account.serverUrl,
      userId: account.userId,
      clock: host.clock,
      random: host.random,
      log,
    });
    stores.changes.onChange((keys) => this.#changes.emit(keys));
    const runtime = new AccountRuntime(account, stores, {
      dir,
      config: this.config,
      instance: this.#instance,
      clock: host.clock,
      timers: host.timers,
      random: host.random,
      log,
      keyring: this.ports.keyring,
      transport: kept?.transport ?? this.createTransport(account.serverUrl),
      tokens: kept?.tokens,
      volatile,
      attention,
      post: (message) => host.post(message),
      profileLearned: (change) => this.updateAccount(change),
      signInEnded: (error) =>
        void this.#signInEnded(error).catch((cause: unknown) => this.#bug('session.endFailed', cause)),
      notificationSettings: () => this.#notificationSettings,
      watchedPeople: () => this.#watchedPeople(),
    });
    this.#account = runtime;
    const { cacheDb, outboxDb, outbox } = stores;
    this.#views.setAccount({ userId: account.userId, cacheDb, outboxDb, outbox });
    return runtime;
  }

  /** Closes the open account; its data stays. */
  closeAccount(): void {
    const runtime = this.#account;
    this.#account = undefined;
    this.#views.setAccount(null);
    runtime?.close();
  }

  /** Nobody is signed in. */
  showNoAccount(): void {
    const lastServerUrl = this.registry.lastServerUrl() ?? this.config.defaultServerUrl;
    this.volatile.setSession({ state: 'none', lastServerUrl });
    this.volatile.setConnection({ state: 'idle', lastContactMs: null, progress: null, error: null });
  }

  /**
   * Keeps a change of the open account, for this run and the next. Where it cannot be written it holds for this run
   * alone; the server says the same again in the next one.
   */
  updateAccount(change: Partial<Account>): void {
    const runtime = this.#account;
    if (!runtime) return;
    runtime.changeAccount(change);
    const kept = this.registry.current();
    if (kept && isDeepStrictEqual({ ...kept, ...change }, kept)) return;
    this.#keepAccounts(() => this.registry.update(runtime.account.accountId, change));
  }

  /** Removes an account and everything it keeps here. Whatever fails of that, nobody is signed in afterwards. */
  wipeAccount(accountId: string): void {
    if (this.#account?.account.accountId === accountId) this.closeAccount();
    try {
      wipeAccountDir(this.config.dataDir, accountId);
    } finally {
      this.#keepAccounts(() => this.registry.remove(accountId));
      this.showNoAccount();
    }
  }

  /** The folder of a person whom `accounts.json` does not name, with what they left unsent. */
  findLeftFolder(serverUrl: string, userId: string): string | undefined {
    const accountId = findAccountFolder(this.config.dataDir, { serverUrl, userId }, (id) =>
      this.registry.isKnown(id),
    );
    if (accountId !== undefined) this.log('warn', 'accounts.folderFound', { accountId });
    return accountId;
  }

  /** Conversations with something unread, as the list counts it. */
  unread(): readonly Unread[] {
    return this.#views.unread();
  }

  /** People a window shows; null when it is gone. */
  watchPresence(windowId: number, userIds: readonly string[] | null): void {
    if (userIds) this.#watched.set(windowId, userIds);
    else this.#watched.delete(windowId);
    this.#account?.watchPresence(this.#watchedPeople());
  }

  #start(config: CoreConfig): void {
    this.#config = config;
    this.#registry = new AccountRegistry(config.dataDir, this.host.clock.nowMs());
    if (this.#registry.wasSetAside) this.log('error', 'accounts.unreadable');
    const current = this.#registry.current();
    if (current) this.#openAtStart(current);
    else this.showNoAccount();
    const badge = this.#views.openView(OWN_WINDOW, 'conversations', { filter: 'all', offset: 0, limit: 1 });
    if (badge.ok) this.#noteBadge(badge.value.state.meta);
    this.host.post({ type: 'ready' });
  }

  #openAtStart(account: Account): void {
    try {
      this.openAccount(account).start();
    } catch (cause) {
      if (!(cause instanceof StoreError)) throw cause;
      // Another process holds the files, or the disk is full or broken: nothing is shown rather than something wrong.
      this.log('error', 'account.openFailed', { code: cause.code });
      this.showNoAccount();
    }
  }

  #keepAccounts(write: () => void): void {
    try {
      write();
      this.#account?.setUnsaved(false);
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
      this.log('error', 'accounts.unwritable', { code });
      this.#account?.setUnsaved(true);
    }
  }

  #stop(): void {
    this.closeAccount();
    this.#views.stop();
    this.host.post({ type: 'stopped' });
  }

  async #intent(id: number, windowId: number, name: IntentName, request: unknown): Promise<void> {
    const answer = await this.#answer(windowId, name, request);
    this.#views.showTimelines(windowId);
    this.#unposted.flush();
    this.host.post({ type: 'intentAnswer', id, answer });
  }

  async #answer(windowId: number, name: IntentName, request: unknown): Promise<Result<unknown, ErrorBody>> {
    const handle = Object.hasOwn(this.#handlers, name) ? this.#handlers[name] : undefined;
    if (!handle) return err(errorBody('BAD_REQUEST', { detail: `intent ${name}` }));
    const parsed = intents[name].request.safeParse(request);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const isTooLarge = issue?.message.includes('bytes of UTF-8') ?? false;
      return err(errorBody(isTooLarge ? 'TOO_LARGE' : 'BAD_REQUEST', { detail: issue?.path.join('.') }));
    }
    try {
      return await handle({ core: this, windowId }, parsed.data);
    } catch (cause) {
      if (cause instanceof StoreError) return err(errorBody(cause.code));
      if (isDiskFull(cause)) return err(errorBody('DISK_FULL'));
      this.#bug(`intent.${name}`, cause);
      return err(errorBody('INTERNAL'));
    }
  }

  #openView(message: Extract<ToCore, { type: 'openView' }>): void {
    const { id, windowId, view, params } = message;
    this.host.post({ type: 'viewOpened', id, answer: this.#views.openView(windowId, view, params) });
    if (view === 'devices') void this.#account?.loadDevices();
  }

  #environment(event: EnvironmentEvent): void {
    this.attention.environment(event);
    const engine = this.#account?.engine;
    switch (event.kind) {
      case 'networkUp':
      case 'networkDown':
      case 'resumed':
        return engine?.dispatch({ type: event.kind });
      case 'routesChanged':
        return this.#account?.reroute();
      case 'windowFocusChanged':
        if (event.isFocused) engine?.dispatch({ type: 'focused' });
        return undefined;
      case 'windowVisibilityChanged':
        return this.#views.setWindowVisible(event.windowId, event.isVisible);
      case 'windowClosed':
        this.#views.closeWindow(event.windowId);
        return this.watchPresence(event.windowId, null);
      case 'lockChanged':
        return undefined;
      case 'notificationSettings':
        this.#notificationSettings = event.settings;
        return this.#views.setNotificationLevel(event.settings.level);
    }
  }

  async #signInEnded(error: ErrorBody): Promise<void> {
    const runtime = this.#account;
    if (!runtime) return;
    this.log('warn', 'session.ended', { code: error.code, wipe: error.wipe ?? false });
    if (error.wipe === true) {
      this.wipeAccount(runtime.account.accountId);
      await runtime.tokens.forget();
      return;
    }
    this.updateAccount({ needsSignIn: true });
  }

  #send(windowId: number, change: ViewChange): void {
    if (windowId !== OWN_WINDOW) return this.#unposted.add(windowId, change);
    if (change.patch.meta !== undefined) this.#noteBadge(change.patch.meta);
  }

  #noteBadge(meta: unknown): void {
    const count =
      typeof meta === 'object' && meta !== null && 'unreadConversations' in meta
        ? Number(meta.unreadConversations)
        : 0;
    if (count === this.#badge) return;
    this.#badge = count;
    this.host.post({ type: 'badge', unreadConversations: count });
  }

  /** A bug, without its message: that may quote what a person wrote. */
  #bug(event: string, cause: unknown): void {
    const error = cause instanceof Error ? cause.name : typeof cause;
    const at =
      cause instanceof Error
        ? (cause.stack?.split('\n').find((line) => line.startsWith('    at ')) ?? '')
        : '';
    this.log('error', event, { error, at: at.trim() });
  }

  #watchedPeople(): readonly string[] {
    return [...new Set([...this.#watched.values()].flat())].slice(0, 200);
  }
}
