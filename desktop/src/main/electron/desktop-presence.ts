/**
 * The app outside its window: tray icon, badge and notifications. Owns which of them exists on this desktop and keeps
 * them in step with the core's facts.
 */
import { app } from 'electron';
import type { WindowCommand } from '../../ipc/bridge.ts';
import type { Preferences } from '../../ipc/views.ts';
import type { CoreFact } from '../core-host.ts';
import type { SessionBus } from '../session-bus.ts';
import { AppTray } from './app-tray.ts';
import { Notifier } from './notifier.ts';

interface PresencePorts {
  preview(): Preferences['notificationPreview'];
  isFocused(): boolean;
  command(command: WindowCommand): void;
  toggleWindow(): void;
  showWindow(): void;
  quit(): void;
}

/** See the file's head. */
export class DesktopPresence {
  /** Whether the screen is locked; unknown counts as unlocked. */
  isLocked = false;
  readonly #ports: PresencePorts;
  readonly #notifier: Notifier;
  #bus: SessionBus | undefined;
  #tray: AppTray | undefined;
  #unread = 0;
  // Escaped until the daemon said that it reads plain text: a stray `&amp;` is better than a message read as markup.
  #readsMarkup = process.platform === 'linux';

  constructor(ports: PresencePorts) {
    this.#ports = ports;
    this.#notifier = new Notifier({
      scene: () => ({
        preview: ports.preview(),
        isLocked: this.isLocked,
        isFocused: ports.isFocused(),
      }),
      readsMarkup: () => this.#readsMarkup,
      onClick: (command) => ports.command(command),
    });
  }

  /** Shows the tray icon where some panel takes it. */
  async start(bus: SessionBus): Promise<void> {
    this.#bus = bus;
    await this.hasTrayHost();
    this.#readsMarkup = await bus.readsMarkup();
  }

  /** Takes the tray icon away and leaves the bus. */
  stop(): void {
    this.#tray?.destroy();
    this.#tray = undefined;
    this.#bus?.close();
  }

  /** Whether the window may hide because an icon in a panel brings it back. Asked anew, since panels come and go. */
  async hasTrayHost(): Promise<boolean> {
    if (process.platform === 'linux' && !(await this.#bus?.hasTrayHost())) return false;
    if (this.#tray === undefined) {
      this.#tray = new AppTray({
        toggleWindow: this.#ports.toggleWindow,
        showWindow: this.#ports.showWindow,
        newConversation: () => this.#ports.command({ name: 'newConversation' }),
        quit: this.#ports.quit,
      });
      this.#tray.setUnread(this.#unread);
    }
    return true;
  }

  /** Something of the core that shows outside the window. */
  onFact(fact: CoreFact): void {
    if (fact.type === 'notify') return this.#notifier.notify(fact.facts);
    if (fact.type === 'notificationsObsolete') return this.#notifier.forget(fact.conversationId);
    this.#unread = fact.unreadConversations;
    this.#tray?.setUnread(this.#unread);
    app.setBadgeCount(this.#unread);
  }

  /** A plain notice of the app itself. */
  inform(text: string): void {
    this.#notifier.inform(text);
  }
}
