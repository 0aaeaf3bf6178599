/**
 * What the Linux desktop says over D-Bus: whether a tray exists, how notifications are read, and whether the screen is
 * locked. A computer without a session bus answers "no tray", "as plain text" and "not locked".
 */
import type { EventEmitter } from 'node:events';
import type { Message, MessageBus } from '@jellybrick/dbus-next';

/** Questions to the desktop. */
export interface SessionBus {
  /** Whether some panel shows tray icons right now. */
  hasTrayHost(): Promise<boolean>;
  /** Whether the body of a notification is read as markup, so that a person's `<` must be escaped. */
  readsMarkup(): Promise<boolean>;
  /** Reports each change of the screen lock, and the state at the start when the desktop tells it. */
  watchLock(onChange: (isLocked: boolean) => void): Promise<void>;
  close(): void;
}

/** An unanswered question to the bus must not keep a window from closing. */
const ANSWER_TIMEOUT_MS = 1_000;
const SCREEN_SAVERS = ['org.freedesktop.ScreenSaver', 'org.gnome.ScreenSaver'] as const;

const noBus: SessionBus = {
  hasTrayHost: () => Promise.resolve(false),
  readsMarkup: () => Promise.resolve(false),
  watchLock: () => Promise.resolve(),
  close: () => {},
};

/** Connects to the session bus; never fails. */
export async function openSessionBus(): Promise<SessionBus> {
  if (process.platform !== 'linux' || !process.env['DBUS_SESSION_BUS_ADDRESS']) return noBus;
  const dbus = await import('@jellybrick/dbus-next');
  let bus: MessageBus;
  try {
    bus = dbus.sessionBus();
  } catch {
    // An address of a kind the library does not speak, such as `disabled:` in a container.
    return noBus;
  }
  let isGone = false;
  // Without a listener a bus that goes away would end the app. The library emits the event without declaring it.
  const emitter: EventEmitter = bus;
  emitter.on('error', () => {
    isGone = true;
  });

  async function call(
    destination: string,
    objectPath: string,
    member: string,
    signature = '',
    body: unknown[] = [],
  ): Promise<readonly unknown[] | undefined> {
    if (isGone) return undefined;
    const at = member.lastIndexOf('.');
    const message = new dbus.Message({
      destination,
      path: objectPath,
      interface: member.slice(0, at),
      member: member.slice(at + 1),
      signature,
      body,
    });
    const timeout = new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), ANSWER_TIMEOUT_MS).unref();
    });
    // Nobody owns that name: the desktop lacks the service, which is an answer too.
    const reply = await Promise.race([bus.call(message).catch(() => undefined), timeout]);
    return reply?.body;
  }

  return {
    async hasTrayHost() {
      const watcher = 'org.kde.StatusNotifierWatcher';
      const body = await call(
        watcher,
        '/StatusNotifierWatcher',
        'org.freedesktop.DBus.Properties.Get',
        'ss',
        [watcher, 'IsStatusNotifierHostRegistered'],
      );
      const variant: unknown = body?.[0];
      return typeof variant === 'object' && variant !== null && 'value' in variant && variant.value === true;
    },
    async readsMarkup() {
      const daemon = 'org.freedesktop.Notifications';
      const body = await call(daemon, '/org/freedesktop/Notifications', `${daemon}.GetCapabilities`);
      const capabilities: unknown = body?.[0];
      return Array.isArray(capabilities) && capabilities.includes('body-markup');
    },
    async watchLock(onChange) {
      bus.on('message', (message: Message) => {
        const isSaver = SCREEN_SAVERS.some((name) => name === message.interface);
        if (isSaver && message.member === 'ActiveChanged') onChange(message.body[0] === true);
      });
      for (const name of SCREEN_SAVERS) {
        const rule = `type='signal',interface='${name}',member='ActiveChanged'`;
        await call('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus.AddMatch', 's', [
          rule,
        ]);
        const body = await call(name, `/${name.replaceAll('.', '/')}`, `${name}.GetActive`);
        if (body?.[0] === true) onChange(true);
      }
    },
    close: () => disconnect(bus),
  };
}

function disconnect(bus: MessageBus): void {
  try {
    bus.disconnect();
  } catch {
    // Already gone.
  }
}
