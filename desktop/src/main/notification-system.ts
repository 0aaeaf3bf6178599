/** What can show a notification: the system's own way, or a Linux daemon spoken to over D-Bus. Owns that seam. */

/** A notification as it is to look. */
export interface NotificationContent {
  readonly title: string;
  readonly body: string;
  /** Buttons; none on a plain notice of the app itself. */
  readonly actions: NotificationLabels | null;
  /** The system is asked to be silent: the app has a sound of its own, or none. */
  readonly isSilent: true;
}

/** Words on the buttons of a notification. */
export interface NotificationLabels {
  readonly open: string;
  readonly reply: string;
  readonly replyPlaceholder: string;
  readonly markRead: string;
  readonly muteHour: string;
}

/** What a person or the system does with one. Each may come more than once: Windows delivers an activation twice. */
export interface NotificationEvents {
  clicked(): void;
  /** The text written in the notification itself. */
  replied(text: string): void;
  /** "Reply" where nothing can be written in it. */
  replyPressed(): void;
  markReadPressed(): void;
  mutePressed(): void;
  closed(): void;
  /** The system did not take it. */
  refused(): void;
  /** It is on screen, as far as the system says. */
  shown(): void;
}

/** One on screen. */
export interface ShownNotification {
  close(): void;
}

/** Who shows notifications, as Settings tells. */
export interface NotificationSystemFacts {
  /** Its name and version; null where the system does not say. */
  readonly name: string | null;
  readonly version: string | null;
  /** What it can do, in the words of the Desktop Notifications Specification; empty where it does not say. */
  readonly capabilities: readonly string[];
}

/** See the file's head. */
export interface NotificationSystem {
  /** @param replaces the one it takes the place of */
  show(
    content: NotificationContent,
    events: NotificationEvents,
    replaces: ShownNotification | undefined,
  ): ShownNotification;
  /** Null: nothing shows notifications. */
  facts(): Promise<NotificationSystemFacts | null>;
}
