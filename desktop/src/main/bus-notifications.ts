/**
 * Notifications of a Linux desktop, spoken to its daemon over D-Bus (Desktop Notifications Specification 1.2). Owns which
 * of the daemon's ids is which notification, and that only what the daemon announces is asked of it: buttons, a field to
 * reply in, text read as markup.
 */
import type { BusCall, BusSignal, SessionBus } from './session-bus.ts';
import type {
  NotificationContent,
  NotificationEvents,
  NotificationSystem,
  NotificationSystemFacts,
  ShownNotification,
} from './notification-system.ts';

const DAEMON = 'org.freedesktop.Notifications';
const OBJECT = '/org/freedesktop/Notifications';
/** A daemon may have to be started first. */
const TIMEOUT_MS = 10_000;
/** As the daemon decides. */
const ITS_OWN_TIME = -1;

/** What the app is called, and its pictures. */
export interface BusAppFacts {
  readonly name: string;
  /** Name of the app's desktop file, without its end. */
  readonly desktopEntry: string;
  readonly iconFile: string;
}

interface Live {
  readonly events: NotificationEvents;
  /** The daemon's id; undefined once it refused. */
  readonly id: Promise<number | undefined>;
  isClosed: boolean;
}

/** See the file's head. */
export class BusNotifications implements NotificationSystem {
  readonly #bus: SessionBus;
  readonly #app: BusAppFacts;
  readonly #live = new Map<number, Live>();
  readonly #byHandle = new WeakMap<ShownNotification, Live>();
  #facts: Promise<NotificationSystemFacts | null> | undefined;

  constructor(bus: SessionBus, facts: BusAppFacts) {
    this.#bus = bus;
    this.#app = facts;
  }

  /** Listens to the daemon; before the first notification. */
  async start(): Promise<void> {
    // A turn later: the answer that says which notification an id is may stand just before it in what was read.
    await this.#bus.listen(DAEMON, (signal) => setImmediate(() => this.#heard(signal)));
    // Another daemon, or the same one started anew, knows none of the ids and may be able to do other things.
    await this.#bus.watchOwner(DAEMON, () => {
      this.#facts = undefined;
      this.#live.clear();
    });
  }

  facts(): Promise<NotificationSystemFacts | null> {
    return (this.#facts ??= this.#ask());
  }

  show(
    content: NotificationContent,
    events: NotificationEvents,
    replaces: ShownNotification | undefined,
  ): ShownNotification {
    const earlier = replaces && this.#byHandle.get(replaces);
    // What takes its place answers from now on.
    if (earlier) earlier.isClosed = true;
    const live: Live = { events, isClosed: false, id: this.#notify(content, earlier, () => live) };
    const handle: ShownNotification = { close: () => void this.#close(live) };
    this.#byHandle.set(handle, live);
    return handle;
  }

  async #notify(
    content: NotificationContent,
    earlier: Live | undefined,
    live: () => Live,
  ): Promise<number | undefined> {
    const replacedId = await earlier?.id;
    const facts = await this.facts();
    const capabilities = facts?.capabilities ?? [];
    const can = (name: string): boolean => capabilities.includes(name);
    const body = can('body-markup') ? escapeMarkup(content.body) : content.body;
    const answer = await this.#bus.call({
      destination: DAEMON,
      path: OBJECT,
      member: `${DAEMON}.Notify`,
      signature: 'susssasa{sv}i',
      body: [
        this.#app.name,
        replacedId ?? 0,
        this.#app.iconFile,
        content.title,
        body,
        can('actions') ? actionsOf(content, can('inline-reply')) : [],
        this.#hints(content),
        ITS_OWN_TIME,
      ],
      timeoutMs: TIMEOUT_MS,
    });
    const id = answer?.body[0];
    if (typeof id !== 'number') {
      live().events.refused();
      return undefined;
    }
    this.#live.set(id, live());
    live().events.shown();
    return id;
  }

  #hints({ actions }: NotificationContent): Readonly<Record<string, unknown>> {
    const { variant } = this.#bus;
    return {
      'desktop-entry': variant('s', this.#app.desktopEntry),
      category: variant('s', 'im.received'),
      'suppress-sound': variant('b', true),
      ...(actions
        ? {
            'x-kde-reply-placeholder-text': variant('s', actions.replyPlaceholder),
            'x-kde-reply-submit-button-text': variant('s', actions.reply),
          }
        : {}),
    };
  }

  async #close(live: Live): Promise<void> {
    if (live.isClosed) return;
    live.isClosed = true;
    const id = await live.id;
    if (id === undefined || this.#live.get(id) !== live) return;
    this.#live.delete(id);
    await this.#bus.call(this.#question('CloseNotification', 'u', [id]));
  }

  #heard({ member, body }: BusSignal): void {
    const [id, value] = body;
    const live = typeof id === 'number' ? this.#live.get(id) : undefined;
    if (!live || typeof id !== 'number' || live.isClosed) return;
    switch (member) {
      case 'ActionInvoked':
        return act(live.events, value);
      case 'NotificationReplied':
        return live.events.replied(String(value));
      case 'NotificationClosed':
        this.#live.delete(id);
        live.isClosed = true;
        return live.events.closed();
    }
  }

  async #ask(): Promise<NotificationSystemFacts | null> {
    const [about, able] = await Promise.all([
      this.#bus.call(this.#question('GetServerInformation')),
      this.#bus.call(this.#question('GetCapabilities')),
    ]);
    const names = able?.body[0];
    if (!Array.isArray(names)) {
      // Nobody there now; one may come.
      this.#facts = undefined;
      return null;
    }
    const [name, , version] = about?.body ?? [];
    return {
      name: typeof name === 'string' ? name : null,
      version: typeof version === 'string' ? version : null,
      capabilities: names.map(String),
    };
  }

  #question(member: string, signature = '', body: readonly unknown[] = []): BusCall {
    return {
      destination: DAEMON,
      path: OBJECT,
      member: `${DAEMON}.${member}`,
      signature,
      body,
      timeoutMs: TIMEOUT_MS,
    };
  }
}

function actionsOf({ actions }: NotificationContent, hasReplyField: boolean): readonly string[] {
  if (!actions) return [];
  const { open, reply, markRead, muteHour } = actions;
  return [
    ...['default', open],
    ...[hasReplyField ? 'inline-reply' : 'reply', reply],
    ...['mark-read', markRead],
    ...['mute-hour', muteHour],
  ];
}

function act(events: NotificationEvents, action: unknown): void {
  switch (action) {
    case 'default':
      return events.clicked();
    // A daemon with a field that was asked for the button alone.
    case 'inline-reply':
    case 'reply':
      return events.replyPressed();
    case 'mark-read':
      return events.markReadPressed();
    case 'mute-hour':
      return events.mutePressed();
  }
}

/**
 * Writes a text so that a daemon which reads markup shows it as it is (Desktop Notifications Specification, "Markup"):
 * what a person typed must not become a link, an image or a broken notification.
 */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
