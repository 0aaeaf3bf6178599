/**
 * The services a Linux desktop offers an app over its session bus: a panel for tray icons, a notification daemon and a
 * screen lock. Real D-Bus, with a test in the place of the person who looks and clicks.
 */
import * as dbus from '@jellybrick/dbus-next';

/** A notification as the daemon was asked to show it. */
export interface ShownNotification {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  /** Its buttons: key and words in turn. */
  readonly actions: readonly string[];
}

/** The running services. */
export interface DesktopServices {
  /** Notifications on screen, oldest first. */
  readonly notifications: readonly ShownNotification[];
  /** Tray icons registered so far. */
  readonly trayItems: readonly string[];
  /** A panel that shows tray icons appears or goes away. */
  setTrayHost(isThere: boolean): void;
  click(notification: ShownNotification): void;
  /** Presses a button. */
  press(notification: ShownNotification, action: string): void;
  /** Writes a reply in the notification; only where the daemon was said to have a field for it. */
  reply(notification: ShownNotification, text: string): void;
  /** Whether the daemon has a field to reply in. Who asked before is told that the daemon is another one. */
  setInlineReply(isThere: boolean): Promise<void>;
  lockScreen(isLocked: boolean): void;
  stop(): void;
}

const WATCHER = 'org.kde.StatusNotifierWatcher';
const NOTIFICATIONS = 'org.freedesktop.Notifications';
const SCREEN_SAVER = 'org.freedesktop.ScreenSaver';

/** Takes the services' names on the session bus of this process. */
export async function startDesktopServices(): Promise<DesktopServices> {
  const bus = dbus.sessionBus();
  const notifications: ShownNotification[] = [];
  const trayItems: string[] = [];
  let hasTrayHost = false;
  let hasInlineReply = false;
  let lastId = 0;

  const answers: Record<string, (body: readonly unknown[]) => [signature: string, body: unknown[]]> = {
    [`${WATCHER}.RegisterStatusNotifierItem`]: ([item]) => {
      trayItems.push(String(item));
      return ['', []];
    },
    'org.freedesktop.DBus.Properties.Get': ([, name]) =>
      name === 'ProtocolVersion'
        ? ['v', [new dbus.Variant('i', 0)]]
        : ['v', [new dbus.Variant('b', name === 'IsStatusNotifierHostRegistered' && hasTrayHost)]],
    'org.freedesktop.DBus.Properties.GetAll': () => [
      'a{sv}',
      [{ IsStatusNotifierHostRegistered: new dbus.Variant('b', hasTrayHost) }],
    ],
    [`${NOTIFICATIONS}.GetServerInformation`]: () => ['ssss', ['test', 'Curlew', '1', '1.2']],
    [`${NOTIFICATIONS}.GetCapabilities`]: () => [
      'as',
      [['actions', 'body', 'body-markup', ...(hasInlineReply ? ['inline-reply'] : [])]],
    ],
    [`${NOTIFICATIONS}.Notify`]: ([, replaces, , title, body, actions]) => {
      const id = Number(replaces) || (lastId += 1);
      remove(id);
      notifications.push({
        id,
        title: String(title),
        body: String(body),
        actions: Array.isArray(actions) ? actions.map(String) : [],
      });
      return ['u', [id]];
    },
    [`${NOTIFICATIONS}.CloseNotification`]: ([id]) => {
      remove(Number(id));
      signal('/org/freedesktop/Notifications', NOTIFICATIONS, 'NotificationClosed', 'uu', [id, 3]);
      return ['', []];
    },
    [`${SCREEN_SAVER}.GetActive`]: () => ['b', [false]],
  };

  function remove(id: number): void {
    const at = notifications.findIndex((notification) => notification.id === id);
    if (at >= 0) notifications.splice(at, 1);
  }

  function signal(path: string, name: string, member: string, signature: string, body: unknown[]): void {
    bus.send(dbus.Message.newSignal(path, name, member, signature, body));
  }

  bus.addMethodHandler((message: dbus.Message) => {
    const answer = answers[`${message.interface}.${message.member}`];
    if (!answer) return false;
    bus.send(dbus.Message.newMethodReturn(message, ...answer(message.body)));
    return true;
  });
  for (const name of [WATCHER, NOTIFICATIONS, SCREEN_SAVER]) await bus.requestName(name);

  return {
    notifications,
    trayItems,
    setTrayHost(isThere) {
      hasTrayHost = isThere;
      if (isThere) signal('/StatusNotifierWatcher', WATCHER, 'StatusNotifierHostRegistered', '', []);
    },
    click({ id }) {
      signal('/org/freedesktop/Notifications', NOTIFICATIONS, 'ActionInvoked', 'us', [id, 'default']);
    },
    press({ id }, action) {
      signal('/org/freedesktop/Notifications', NOTIFICATIONS, 'ActionInvoked', 'us', [id, action]);
    },
    reply({ id }, text) {
      signal('/org/freedesktop/Notifications', NOTIFICATIONS, 'NotificationReplied', 'us', [id, text]);
    },
    async setInlineReply(isThere) {
      hasInlineReply = isThere;
      await bus.releaseName(NOTIFICATIONS);
      await bus.requestName(NOTIFICATIONS);
    },
    lockScreen(isLocked) {
      signal('/org/freedesktop/ScreenSaver', SCREEN_SAVER, 'ActiveChanged', 'b', [isLocked]);
    },
    stop: () => bus.disconnect(),
  };
}
