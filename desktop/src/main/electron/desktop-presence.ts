/**
 * The app outside its window: tray icon, badge and notifications. Owns which of them exists on this desktop and keeps
 * them in step with the core's facts.
 */
import { app } from 'electron';
import appIcon from '../../../resources/icons/256x256.png?asset';
import type { WindowCommand } from '../../ipc/bridge.ts';
import type { IntentAnswer, IntentName, IntentRequest } from '../../ipc/intents.ts';
import type { NotificationFact, NotificationReport } from '../../ipc/notifications.ts';
import type { Preferences } from '../../ipc/views.ts';
import { BusNotifications } from '../bus-notifications.ts';
import type { CoreFact } from '../core-host.ts';
import type { NotificationSystem } from '../notification-system.ts';
import type { SessionBus } from '../session-bus.ts';
import { SoundGate } from '../sound-gate.ts';
import { texts } from '../texts.ts';
import type { OwnViews, ViewSource } from '../own-views.ts';
import { jointParts, NEXT_UNREAD, nothingKnown, trayFacts, type AccountParts } from '../tray-facts.ts';
import { AppTray } from './app-tray.ts';
import { nativeNotifications } from './native-notifications.ts';
import { Notifier } from './notifier.ts';

const HOUR_MS = 3_600_000;
const REFRESH_MS = 20_000;
/** The name of the desktop file that the packages install. */
const DESKTOP_ENTRY = 'curlew';

interface PresencePorts {
  preferences(): Preferences;
  isFocused(): boolean;
  /** Whether a window can be seen. */
  isVisible(): boolean;
  /** Brings the window up with an account, and asks its page for something. */
  command(command: WindowCommand, account: string): void;
  /** The account the window shows. */
  shownAccount(): string;
  /** Asks a window's page to be heard, wherever the window is. */
  playSound(sound: Exclude<Preferences['notificationSound'], 'none'>): void;
  /** Sends an intent to the core of an account; whether it was taken. */
  intent<I extends IntentName>(account: string, name: I, request: IntentRequest<I>): Promise<boolean>;
  report(account: string, reports: readonly NotificationReport[]): void;
  toggleWindow(): void;
  showWindow(): void;
  quit(): void;
}

/** See the file's head. */
export class DesktopPresence {
  /** Whether the screen is locked; unknown counts as unlocked. */
  isLocked = false;
  readonly #ports: PresencePorts;
  /** One for each account: what is unread, and what stands on the screen, is counted for each. */
  readonly #notifiers = new Map<string, Notifier>();
  readonly #sounds = new SoundGate();
  #system: NotificationSystem = nativeNotifications;
  #bus: SessionBus | undefined;
  #tray: AppTray | undefined;
  readonly #parts = new Map<string, AccountParts>();
  #refresh: NodeJS.Timeout | undefined;

  constructor(ports: PresencePorts) {
    this.#ports = ports;
  }

  /** Shows the tray icon where some panel takes it. */
  async start(bus: SessionBus): Promise<void> {
    this.#bus = bus;
    if (bus.isThere) {
      const facts = { name: texts.appName, desktopEntry: DESKTOP_ENTRY, iconFile: appIcon };
      const notifications = new BusNotifications(bus, facts);
      await notifications.start();
      this.#system = notifications;
    }
    await this.hasTrayHost();
    // At sign-in the panel may come after the app.
    await bus.watchTrayHost(() => void this.hasTrayHost());
    // Quiet hours and a timed status begin and end without anybody saying so.
    this.#refresh = setInterval(() => this.showTray(), REFRESH_MS).unref();
  }

  /** Takes the tray icon away and leaves the bus. */
  stop(): void {
    clearInterval(this.#refresh);
    this.#tray?.destroy();
    this.#tray = undefined;
    this.#bus?.close();
  }

  /** Whether the window may hide because an icon in a panel brings it back. Asked anew, since panels come and go. */
  async hasTrayHost(): Promise<boolean> {
    if (process.platform === 'linux' && !(await this.#bus?.hasTrayHost())) return false;
    if (this.#tray === undefined) {
      const { command, shownAccount, toggleWindow, showWindow, quit } = this.#ports;
      const ask = (what: WindowCommand): void => command(what, shownAccount());
      this.#tray = new AppTray(
        {
          toggleWindow,
          showWindow,
          newConversation: () => ask({ name: 'newConversation' }),
          openConversation: (account, conversationId) =>
            command({ name: 'showConversation', conversationId, focusComposer: false }, account),
          setStatus: (state, untilMs) => this.#setStatus(state, untilMs),
          openOutbox: () => ask({ name: 'showSection', section: 'outbox' }),
          openSettings: () => ask({ name: 'showSection', section: 'settings' }),
          quit,
        },
        this.#trayFacts(),
      );
    }
    return true;
  }

  /** Something of the core that shows outside the window. */
  onFact(account: string, fact: CoreFact): void {
    if (fact.type === 'notify') return this.#notifier(account).notify(fact.facts);
    if (fact.type === 'notificationsObsolete') return this.#notifier(account).forget(fact.conversationId);
    this.#know(account, { notifying: fact.unreadConversations });
    this.showBadge();
  }

  /** Follows what the tray tells of an account. */
  async follow(views: OwnViews, core: ViewSource, account: string): Promise<void> {
    const know = (parts: Partial<AccountParts>): void => this.#know(account, parts);
    await views.follow(core, 'session', {}, ({ meta }) => know({ session: meta }));
    await views.follow(core, 'account', {}, ({ meta }) => know({ status: meta.status }));
    await views.follow(core, 'connection', {}, ({ meta }) => {
      const failed = meta.failed - (this.#partsOf(account).connection?.failed ?? meta.failed);
      know({ connection: meta });
      // In sight the window says it itself.
      if (failed > 0 && !this.#ports.isVisible()) {
        this.#notifier(account).inform(texts.notSent(meta.failed), {
          name: 'showSection',
          section: 'outbox',
        });
      }
    });
    const unread = { filter: 'unread', offset: 0, limit: NEXT_UNREAD } as const;
    await views.follow(core, 'conversations', unread, ({ order, rows, meta }) =>
      know({
        unread: order.flatMap((id) => rows[id] ?? []).map(({ id, title }) => ({ id, title, account })),
        unreadConversations: meta.total,
      }),
    );
  }

  /** Brings the icon in step with what is known. */
  showTray(): void {
    this.#tray?.show(this.#trayFacts());
  }

  /** Shows the number on the app's icon, or takes it away. */
  showBadge(): void {
    app.setBadgeCount(this.#ports.preferences().badge ? this.#jointParts().notifying : 0);
  }

  /** Shows a notification to see that it works, and says who shows them. */
  async test(): Promise<IntentAnswer<'notification.test'>> {
    const [isShown, facts, hasTray] = await Promise.all([
      this.#notifier(this.#ports.shownAccount()).test(),
      this.#system.facts(),
      this.hasTrayHost(),
    ]);
    const system = facts && { ...facts, capabilities: [...facts.capabilities] };
    return { isShown, system, hasTray };
  }

  /** A plain notice of the app itself. */
  inform(text: string): void {
    this.#notifier(this.#ports.shownAccount()).inform(text);
  }

  #trayFacts() {
    const { quietHours } = this.#ports.preferences();
    return trayFacts({ ...this.#jointParts(), quietHours, nowMs: Date.now() });
  }

  #jointParts(): AccountParts {
    const shown = this.#ports.shownAccount();
    const others = [...this.#parts].flatMap(([account, parts]) => (account === shown ? [] : [parts]));
    return jointParts(this.#partsOf(shown), others);
  }

  #partsOf(account: string): AccountParts {
    return this.#parts.get(account) ?? nothingKnown;
  }

  #know(account: string, parts: Partial<AccountParts>): void {
    this.#parts.set(account, { ...this.#partsOf(account), ...parts });
    this.showTray();
  }

  #notifier(account: string): Notifier {
    const known = this.#notifiers.get(account);
    if (known) return known;
    const ports = this.#ports;
    const made = new Notifier({
      system: () => this.#system,
      scene: () => ({
        preview: ports.preferences().notificationPreview,
        isLocked: this.isLocked,
        // The window tells of the account it shows, and of no other.
        isFocused: ports.isFocused() && ports.shownAccount() === account,
      }),
      command: (command) => ports.command(command, account),
      makeSound: () => this.#makeSound(),
      report: (reports) => ports.report(account, reports),
      reply: (fact, text) => void this.#reply(account, fact, text),
      markRead: ({ conversationId, messageId, threadRootId }) =>
        void ports.intent(account, 'notification.read', { conversationId, messageId, threadRootId }),
      mute: ({ conversationId }) =>
        void ports.intent(account, 'conversation.mute', {
          conversationId,
          on: true,
          untilMs: Date.now() + HOUR_MS,
        }),
    });
    this.#notifiers.set(account, made);
    return made;
  }

  /** It is one person at this computer: every account says the same. A status text stays as long as it would have. */
  #setStatus(state: 'online' | 'away' | 'dnd', untilMs: number | null): void {
    for (const [account, { session, status }] of this.#parts)
      if (session?.state === 'active') this.#setStatusOf(account, status, state, untilMs);
  }

  #setStatusOf(
    account: string,
    status: AccountParts['status'],
    state: 'online' | 'away' | 'dnd',
    untilMs: number | null,
  ): void {
    const text = status?.text === undefined ? {} : { text: status.text };
    const isPlain = state === 'online' && status?.text === undefined;
    const textUntilMs = status?.text === undefined ? null : status.untilMs;
    void this.#ports.intent(account, 'account.setStatus', {
      status: isPlain ? null : { state, untilMs: untilMs ?? textUntilMs, ...text },
    });
  }

  #makeSound(): void {
    const sound = this.#ports.preferences().notificationSound;
    if (sound !== 'none' && this.#sounds.mayPlay(performance.now())) this.#ports.playSound(sound);
  }

  async #reply(account: string, fact: NotificationFact, text: string): Promise<void> {
    const { conversationId, messageId, threadRootId, replyId } = fact;
    const request = { conversationId, messageId, threadRootId, replyId, text };
    if (await this.#ports.intent(account, 'notification.reply', request)) return;
    // Too long, or no room on the disk: nothing of it is kept, so its author must know.
    this.#notifier(account).inform(texts.replyFailed, {
      name: 'showConversation',
      conversationId,
      messageId,
      focusComposer: true,
    });
  }
}
