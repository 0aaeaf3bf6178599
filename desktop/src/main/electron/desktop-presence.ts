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
import { NEXT_UNREAD, trayFacts, type TrayParts } from '../tray-facts.ts';
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
  command(command: WindowCommand): void;
  /** Asks a window's page to be heard, wherever the window is. */
  playSound(sound: Exclude<Preferences['notificationSound'], 'none'>): void;
  /** Sends an intent to the core; whether it was taken. */
  intent<I extends IntentName>(name: I, request: IntentRequest<I>): Promise<boolean>;
  report(reports: readonly NotificationReport[]): void;
  toggleWindow(): void;
  showWindow(): void;
  quit(): void;
}

/** What the views of the core say for the tray. */
type ViewParts = Omit<TrayParts, 'quietHours' | 'nowMs' | 'notifying'>;

/** See the file's head. */
export class DesktopPresence {
  /** Whether the screen is locked; unknown counts as unlocked. */
  isLocked = false;
  readonly #ports: PresencePorts;
  readonly #notifier: Notifier;
  readonly #sounds = new SoundGate();
  #system: NotificationSystem = nativeNotifications;
  #bus: SessionBus | undefined;
  #tray: AppTray | undefined;
  #unread = 0;
  #parts: ViewParts = {
    session: null,
    connection: null,
    status: null,
    unread: [],
    unreadConversations: 0,
  };
  #refresh: NodeJS.Timeout | undefined;

  constructor(ports: PresencePorts) {
    this.#ports = ports;
    this.#notifier = new Notifier({
      system: () => this.#system,
      scene: () => ({
        preview: ports.preferences().notificationPreview,
        isLocked: this.isLocked,
        isFocused: ports.isFocused(),
      }),
      command: (command) => ports.command(command),
      makeSound: () => this.#makeSound(),
      report: (reports) => ports.report(reports),
      reply: (fact, text) => void this.#reply(fact, text),
      markRead: ({ conversationId, messageId, threadRootId }) =>
        void ports.intent('notification.read', { conversationId, messageId, threadRootId }),
      mute: ({ conversationId }) =>
        void ports.intent('conversation.mute', { conversationId, on: true, untilMs: Date.now() + HOUR_MS }),
    });
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
      const { command, toggleWindow, showWindow, quit } = this.#ports;
      this.#tray = new AppTray(
        {
          toggleWindow,
          showWindow,
          newConversation: () => command({ name: 'newConversation' }),
          openConversation: (conversationId) =>
            command({ name: 'showConversation', conversationId, focusComposer: false }),
          setStatus: (state, untilMs) => this.#setStatus(state, untilMs),
          openOutbox: () => command({ name: 'showSection', section: 'outbox' }),
          openSettings: () => command({ name: 'showSection', section: 'settings' }),
          quit,
        },
        this.#trayFacts(),
      );
    }
    return true;
  }

  /** Something of the core that shows outside the window. */
  onFact(fact: CoreFact): void {
    if (fact.type === 'notify') return this.#notifier.notify(fact.facts);
    if (fact.type === 'notificationsObsolete') return this.#notifier.forget(fact.conversationId);
    this.#unread = fact.unreadConversations;
    this.showTray();
    this.showBadge();
  }

  /** Follows what the tray tells. */
  async follow(views: OwnViews, core: ViewSource): Promise<void> {
    const know = (parts: Partial<ViewParts>): void => {
      this.#parts = { ...this.#parts, ...parts };
      this.showTray();
    };
    await views.follow(core, 'session', {}, ({ meta }) => know({ session: meta }));
    await views.follow(core, 'account', {}, ({ meta }) => know({ status: meta.status }));
    await views.follow(core, 'connection', {}, ({ meta }) => {
      const failed = meta.failed - (this.#parts.connection?.failed ?? meta.failed);
      know({ connection: meta });
      // In sight the window says it itself.
      if (failed > 0 && !this.#ports.isVisible()) {
        this.#notifier.inform(texts.notSent(meta.failed), { name: 'showSection', section: 'outbox' });
      }
    });
    const unread = { filter: 'unread', offset: 0, limit: NEXT_UNREAD } as const;
    await views.follow(core, 'conversations', unread, ({ order, rows, meta }) =>
      know({ unread: order.flatMap((id) => rows[id] ?? []), unreadConversations: meta.total }),
    );
  }

  /** Brings the icon in step with what is known. */
  showTray(): void {
    this.#tray?.show(this.#trayFacts());
  }

  /** Shows the number on the app's icon, or takes it away. */
  showBadge(): void {
    app.setBadgeCount(this.#ports.preferences().badge ? this.#unread : 0);
  }

  /** Shows a notification to see that it works, and says who shows them. */
  async test(): Promise<IntentAnswer<'notification.test'>> {
    const [isShown, facts, hasTray] = await Promise.all([
      this.#notifier.test(),
      this.#system.facts(),
      this.hasTrayHost(),
    ]);
    const system = facts && { ...facts, capabilities: [...facts.capabilities] };
    return { isShown, system, hasTray };
  }

  /** A plain notice of the app itself. */
  inform(text: string): void {
    this.#notifier.inform(text);
  }

  #trayFacts() {
    const { quietHours } = this.#ports.preferences();
    return trayFacts({ ...this.#parts, notifying: this.#unread, quietHours, nowMs: Date.now() });
  }

  /** A status text stays as long as it would have. */
  #setStatus(state: 'online' | 'away' | 'dnd', untilMs: number | null): void {
    const { status } = this.#parts;
    const text = status?.text === undefined ? {} : { text: status.text };
    const isPlain = state === 'online' && status?.text === undefined;
    const textUntilMs = status?.text === undefined ? null : status.untilMs;
    void this.#ports.intent('account.setStatus', {
      status: isPlain ? null : { state, untilMs: untilMs ?? textUntilMs, ...text },
    });
  }

  #makeSound(): void {
    const sound = this.#ports.preferences().notificationSound;
    if (sound !== 'none' && this.#sounds.mayPlay(performance.now())) this.#ports.playSound(sound);
  }

  async #reply(fact: NotificationFact, text: string): Promise<void> {
    const { conversationId, messageId, threadRootId, replyId } = fact;
    const request = { conversationId, messageId, threadRootId, replyId, text };
    if (await this.#ports.intent('notification.reply', request)) return;
    // Too long, or no room on the disk: nothing of it is kept, so its author must know.
    this.#notifier.inform(texts.replyFailed, {
      name: 'showConversation',
      conversationId,
      messageId,
      focusComposer: true,
    });
  }
}
