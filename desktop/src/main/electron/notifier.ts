/**
 * Shows what `notification-rules` plans, and takes it away again when it is obsolete. Owns the notifications on screen
 * and that what a person does with one is done once; a notification that failed to show is not tried again.
 */
import type { NotificationFact, NotificationReport } from '../../ipc/notifications.ts';
import type { WindowCommand } from '../../ipc/bridge.ts';
import type { NotificationScene, PlannedNotification } from '../notification-rules.ts';
import { BURST_MS, SUMMARY_KEY, planNotifications } from '../notification-rules.ts';
import type { NotificationEvents, NotificationSystem, ShownNotification } from '../notification-system.ts';
import { texts } from '../texts.ts';

/** What the notifier needs, and what it asks for when one is used. */
export interface NotifierPorts {
  system(): NotificationSystem;
  scene(): Pick<NotificationScene, 'preview' | 'isLocked' | 'isFocused'>;
  /** Brings the window up and, unless it was a summary, shows the message. */
  command(command: WindowCommand): void;
  /** A notification came up. */
  makeSound(): void;
  report(reports: readonly NotificationReport[]): void;
  reply(fact: NotificationFact, text: string): void;
  markRead(fact: NotificationFact): void;
  mute(fact: NotificationFact): void;
}

interface Shown {
  readonly notification: ShownNotification;
  readonly conversationId: string | undefined;
}

const noEvents: NotificationEvents = {
  clicked: () => {},
  replied: () => {},
  replyPressed: () => {},
  markReadPressed: () => {},
  mutePressed: () => {},
  closed: () => {},
  refused: () => {},
  shown: () => {},
};

/** See the file's head. */
export class Notifier {
  readonly #ports: NotifierPorts;
  readonly #shown = new Map<string, Shown>();
  readonly #recent = new Map<string, NodeJS.Timeout>();
  /** Ids of replies that were handed over, since systems may deliver one twice. */
  readonly #replied = new Set<string>();
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
    this.#ports.report(plan.reports);
    // The summary tells of them all.
    if (plan.show.some(({ key }) => key === SUMMARY_KEY)) {
      for (const key of [...this.#shown.keys()]) if (key !== SUMMARY_KEY) this.#close(key);
    }
    for (const planned of plan.show) this.#show(planned);
    if (plan.show.length > 0) this.#ports.makeSound();
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
  inform(text: string, command: WindowCommand = { name: 'showSection', section: 'chats' }): void {
    this.#plain(text, { ...noEvents, clicked: () => this.#ports.command(command) });
  }

  /** Shows a notification to see that it works; resolves to whether the system took it, false also when it is silent. */
  test(): Promise<boolean> {
    return new Promise((resolve) => {
      setTimeout(() => resolve(false), TEST_TIMEOUT_MS).unref();
      this.#plain(texts.testNotification, {
        ...noEvents,
        shown: () => resolve(true),
        refused: () => resolve(false),
      });
      this.#ports.makeSound();
    });
  }

  #plain(text: string, events: NotificationEvents): void {
    const content = { title: texts.appName, body: text, actions: null, isSilent: true } as const;
    const replaced = this.#shown.get(text)?.notification;
    const notification = this.#ports.system().show(content, events, replaced);
    this.#shown.set(text, { notification, conversationId: undefined });
  }

  #show({ key, title, body, fact }: PlannedNotification): void {
    const actions = fact && {
      open: texts.open,
      reply: texts.reply,
      replyPlaceholder: texts.replyPlaceholder,
      markRead: texts.markRead,
      muteHour: texts.muteHour,
    };
    const replaced = this.#shown.get(key)?.notification;
    const events = this.#eventsOf(key, fact, () => shown);
    const content = { title, body, actions, isSilent: true } as const;
    const shown: Shown = {
      notification: this.#ports.system().show(content, events, replaced),
      conversationId: fact?.conversationId,
    };
    this.#shown.set(key, shown);
  }

  #eventsOf(key: string, fact: NotificationFact | null, shown: () => Shown): NotificationEvents {
    const { command, report, reply, markRead, mute } = this.#ports;
    // Most daemons take a notification that was used away; the others are asked to.
    const once = (what: (fact: NotificationFact) => void) => () => {
      this.#close(key);
      if (fact) what(fact);
      else command({ name: 'showSection', section: 'chats' });
    };
    const open = (focusComposer: boolean) =>
      once(({ conversationId, messageId }) =>
        command({ name: 'showConversation', conversationId, messageId, focusComposer }),
      );
    return {
      clicked: open(false),
      replyPressed: open(true),
      replied: (text) => {
        this.#close(key);
        if (!fact || this.#replied.has(fact.replyId)) return;
        this.#replied.add(fact.replyId);
        if (text.trim() === '') open(true)();
        else reply(fact, text);
      },
      markReadPressed: once(markRead),
      mutePressed: once(mute),
      closed: () => {
        if (this.#shown.get(key) === shown()) this.#shown.delete(key);
      },
      refused: () => {
        if (fact) report([{ messageId: fact.messageId, outcome: 'refused' }]);
      },
      shown: () => {},
    };
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

/** A system that has not said anything by then says nothing. */
const TEST_TIMEOUT_MS = 3_000;
