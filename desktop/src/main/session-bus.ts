/**
 * The session bus of a Linux desktop: calls, signals, whether a tray exists, and whether the screen is locked. A computer
 * without a session bus answers nothing: "no tray", "not locked", nobody who shows notifications.
 */
import type { EventEmitter } from 'node:events';
import type { Message, MessageBus } from '@jellybrick/dbus-next';

/** A question to a service. */
export interface BusCall {
  readonly destination: string;
  readonly path: string;
  /** Interface and method. */
  readonly member: string;
  readonly signature: string;
  readonly body: readonly unknown[];
  /** How long to wait, in ms; {@link ANSWER_TIMEOUT_MS} unless said otherwise. */
  readonly timeoutMs?: number;
}

/** A signal of a service. */
export interface BusSignal {
  readonly member: string;
  readonly body: readonly unknown[];
}

/** Questions to the desktop. */
export interface SessionBus {
  /** Whether there is a bus at all. */
  readonly isThere: boolean;
  /** Asks; undefined when nobody answers in time. */
  call(question: BusCall): Promise<{ readonly body: readonly unknown[] } | undefined>;
  /** A value with its D-Bus type. */
  variant(signature: string, value: unknown): unknown;
  /** Hears the signals of the service that owns a name, which is its interface's too. */
  listen(name: string, heard: (signal: BusSignal) => void): Promise<void>;
  /** Calls back when a name goes to another owner, or to none. */
  watchOwner(name: string, changed: () => void): Promise<void>;
  /** Whether some panel shows tray icons right now. */
  hasTrayHost(): Promise<boolean>;
  /** Calls back when panels come or go. */
  watchTrayHost(changed: () => void): Promise<void>;
  /** Reports each change of the screen lock, and the state at the start when the desktop tells it. */
  watchLock(onChange: (isLocked: boolean) => void): Promise<void>;
  close(): void;
}

/** An unanswered question to the bus must not keep a window from closing. */
const ANSWER_TIMEOUT_MS = 1_000;
const BUS = 'org.freedesktop.DBus';
/** Knows the tray icons and the panels that show them. */
const TRAY_WATCHER = 'org.kde.StatusNotifierWatcher';
const SCREEN_SAVERS = ['org.freedesktop.ScreenSaver', 'org.gnome.ScreenSaver'] as const;

const noBus: SessionBus = {
  isThere: false,
  call: () => Promise.resolve(undefined),
  variant: () => undefined,
  listen: () => Promise.resolve(),
  watchOwner: () => Promise.resolve(),
  hasTrayHost: () => Promise.resolve(false),
  watchTrayHost: () => Promise.resolve(),
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

  async function call({ destination, path, member, signature, body, timeoutMs }: BusCall) {
    if (isGone) return undefined;
    const at = member.lastIndexOf('.');
    const message = new dbus.Message({
      destination,
      path,
      interface: member.slice(0, at),
      member: member.slice(at + 1),
      signature,
      body: [...body],
    });
    const timeout = new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), timeoutMs ?? ANSWER_TIMEOUT_MS).unref();
    });
    // Nobody owns that name: the desktop lacks the service, which is an answer too.
    const reply = await Promise.race([bus.call(message).catch(() => undefined), timeout]);
    return reply === null || reply === undefined ? undefined : { body: reply.body as readonly unknown[] };
  }

  const addMatch = (rule: string) =>
    call({
      destination: BUS,
      path: '/org/freedesktop/DBus',
      member: `${BUS}.AddMatch`,
      signature: 's',
      body: [rule],
    });
  const on = (interfaceName: string, heard: (signal: BusSignal) => void): void => {
    bus.on('message', (message: Message) => {
      if (message.interface !== interfaceName || !message.member) return;
      heard({ member: message.member, body: message.body });
    });
  };

  const listen = async (name: string, heard: (signal: BusSignal) => void): Promise<void> => {
    on(name, heard);
    // The bus passes on what the owner of the name says; anybody else's signals of that name are not its.
    await addMatch(`type='signal',sender='${name}',interface='${name}'`);
  };
  const watchOwner = async (name: string, changed: () => void): Promise<void> => {
    on(BUS, ({ member, body }) => {
      if (member === 'NameOwnerChanged' && body[0] === name) changed();
    });
    await addMatch(
      `type='signal',sender='${BUS}',interface='${BUS}',member='NameOwnerChanged',arg0='${name}'`,
    );
  };

  return {
    isThere: true,
    call,
    variant: (signature, value) => new dbus.Variant(signature, value),
    listen,
    watchOwner,
    async hasTrayHost() {
      const answer = await call({
        destination: TRAY_WATCHER,
        path: '/StatusNotifierWatcher',
        member: 'org.freedesktop.DBus.Properties.Get',
        signature: 'ss',
        body: [TRAY_WATCHER, 'IsStatusNotifierHostRegistered'],
      });
      const variant: unknown = answer?.body[0];
      return typeof variant === 'object' && variant !== null && 'value' in variant && variant.value === true;
    },
    async watchTrayHost(changed) {
      await watchOwner(TRAY_WATCHER, changed);
      // The watcher may be there before the first panel is.
      await listen(TRAY_WATCHER, ({ member }) => {
        if (member === 'StatusNotifierHostRegistered') changed();
      });
    },
    async watchLock(onChange) {
      for (const name of SCREEN_SAVERS) {
        on(name, ({ member, body }) => {
          if (member === 'ActiveChanged') onChange(body[0] === true);
        });
        await addMatch(`type='signal',interface='${name}',member='ActiveChanged'`);
        const path = `/${name.replaceAll('.', '/')}`;
        const question = { destination: name, path, member: `${name}.GetActive`, signature: '', body: [] };
        if ((await call(question))?.body[0] === true) onChange(true);
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
