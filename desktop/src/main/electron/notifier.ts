/**
 * Shows what `notification-rules` plans through the system, and takes it away again when it is obsolete. Owns the
 * notifications on screen; a notification that failed to show is not tried again.
 */
import { Notification } from 'electron';
import type { NotificationFact } from '../../ipc/core-port.ts';
import type { WindowCommand } from '../../ipc/bridge.ts';
import type { NotificationScene, PlannedNotification } from '../notification-rules.ts';
import { BURST_MS, SUMMARY_KEY, escapeMarkup, planNotifications } from '../notification-rules.ts';
import { texts } from '../texts.ts';

interface NotifierPorts {
  scene(): Pick<NotificationScene, 'preview' | 'isLocked' | 'isFocused'>;
  /** Whether the daemon reads the body as markup. */
  readsMarkup(): boolean;
  /** A notification was clicked: bring the window up and, unless it was a summary, show the message. */
  onClick(command: WindowCommand): void;
}

interface Shown {
  readonly notification: Notification;
  readonly conversationId: string | undefined;
}

/** See the file's head. */
export class Notifier {
  readonly #ports: NotifierPorts;
  readonly #shown = new Map<string, Shown>();
  readonly #recent = new Map<string, NodeJS.Timeout>();
  #pending: ReadonlyMap<string, number> = new Map();

  constructor(ports: NotifierPorts) {
    this.#ports = ports;
  }

  /** Notifies about new messages, as far as the rules allow. */
  notify(facts: readonly NotificationFact[]): void {
    const scene = { ...this.#ports.scene(), pending: this.#pending, recent: new Set(this.#recent.keys()) };
    const plan = planNotifications(facts, scene);
    this.#pending = plan.pending;
    for (const conversationId of plan.recent) this.#markRecent(conversationId);
    for (const planned of plan.show) this.#show(planned);
  }

  /** The conversation was read, here or elsewhere. */
  forget(conversationId: string): void {
    this.#pending = new Map([...this.#pending].filter(([id]) => id !== conversationId));
    for (const [key, shown] of [...this.#shown]) {
      const isStale =
        key === SUMMARY_KEY ? this.#pending.size === 0 : shown.conversationId === conversationId;
      if (isStale) this.#close(key);
    }
  }

  /** A plain notice of the app itself. */
  inform(text: string): void {
    this.#show({ key: text, title: texts.appName, body: text, target: null });
  }

  #show(planned: PlannedNotification): void {
    if (!Notification.isSupported()) return;
    this.#close(planned.key);
    const body = this.#ports.readsMarkup() ? escapeMarkup(planned.body) : planned.body;
    const notification = new Notification({ title: planned.title, body });
    this.#shown.set(planned.key, { notification, conversationId: planned.target?.conversationId });
    notification.on('click', () => {
      // Most daemons take a clicked notification away; the others are asked to.
      this.#close(planned.key);
      this.#ports.onClick(
        planned.target
          ? { name: 'showConversation', ...planned.target, focusComposer: false }
          : { name: 'showSection', section: 'chats' },
      );
    });
    notification.on('close', () => {
      if (this.#shown.get(planned.key)?.notification === notification) this.#shown.delete(planned.key);
    });
    notification.show();
  }

  #close(key: string): void {
    const shown = this.#shown.get(key);
    this.#shown.delete(key);
    shown?.notification.close();
  }

  #markRecent(conversationId: string): void {
    clearTimeout(this.#recent.get(conversationId));
    const timer = setTimeout(() => this.#recent.delete(conversationId), BURST_MS);
    this.#recent.set(conversationId, timer.unref());
  }
}
