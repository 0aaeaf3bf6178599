/**
 * The tray icon: what is unread, for how many it is, do not disturb, offline; and a menu to come back, to say how one is
 * and to quit. Its items and their order are fixed. What it says is decided by `tray-facts.ts`.
 */
import { Menu, Tray, nativeImage, type MenuItemConstructorOptions, type NativeImage } from 'electron';
import trayIcon from '../../../resources/tray.png?asset';
import trayTemplateIcon from '../../../resources/tray-template.png?asset';
import { untilTimes } from '../../ipc/status-times.ts';
import { texts } from '../texts.ts';
import type { TrayFacts } from '../tray-facts.ts';
import { ICON_PX, paintTrayIcon, type TrayState } from '../tray-icon.ts';

/** What the menu asks for. */
export interface TrayPorts {
  toggleWindow(): void;
  showWindow(): void;
  newConversation(): void;
  openConversation(account: string, conversationId: string): void;
  /** `untilMs` null: until another is chosen. */
  setStatus(state: 'online' | 'away' | 'dnd', untilMs: number | null): void;
  openOutbox(): void;
  openSettings(): void;
  quit(): void;
}

/** Longest title of a conversation in the menu. */
const TITLE_CHARS = 32;

/** See the file's head. */
export class AppTray {
  readonly #tray: Tray;
  readonly #ports: TrayPorts;
  #shown = '';

  constructor(ports: TrayPorts, facts: TrayFacts) {
    this.#ports = ports;
    this.#tray = new Tray(image(facts.state));
    // macOS opens the menu on a click, as all its menu-bar icons do.
    if (process.platform !== 'darwin') this.#tray.on('click', () => ports.toggleWindow());
    this.show(facts);
  }

  /** Shows what is now; an open menu stays as it is while nothing changed. */
  show(facts: TrayFacts): void {
    const key = JSON.stringify(facts);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#tray.setImage(image(facts.state));
    this.#tray.setToolTip(facts.tooltip);
    this.#tray.setContextMenu(Menu.buildFromTemplate(trayMenu(facts, this.#ports)));
  }

  /** Takes the icon away. */
  destroy(): void {
    this.#tray.destroy();
  }
}

/** The menu's items, in their order. */
function trayMenu(facts: TrayFacts, ports: TrayPorts): MenuItemConstructorOptions[] {
  const { person, next, waiting } = facts;
  const separator = { type: 'separator' } as const;
  const head: MenuItemConstructorOptions[] = person
    ? [{ label: person.name, enabled: false }, { label: facts.unreadText, enabled: false }, separator]
    : [];
  const unread = next.map(({ id, title, account }) => ({
    label: texts.nextUnread(shortened(title)),
    click: () => ports.openConversation(account, id),
  }));
  const status: MenuItemConstructorOptions[] = person
    ? [
        separator,
        ...(['online', 'away'] as const).map((each) => statusItem(each, person.status, ports)),
        dndItem(ports, person.status),
      ]
    : [];
  return [
    ...head,
    { label: texts.openApp, click: () => ports.showWindow() },
    { label: texts.newMessageMenu, enabled: person !== null, click: () => ports.newConversation() },
    ...unread,
    ...status,
    separator,
    { label: texts.outboxWaiting(waiting), enabled: person !== null, click: () => ports.openOutbox() },
    { label: texts.settings, enabled: person !== null, click: () => ports.openSettings() },
    separator,
    { label: texts.quit, click: () => ports.quit() },
  ];
}

function statusItem(
  state: 'online' | 'away',
  chosen: 'online' | 'away' | 'dnd',
  ports: TrayPorts,
): MenuItemConstructorOptions {
  return {
    label: texts[state],
    type: 'checkbox',
    checked: state === chosen,
    click: () => ports.setStatus(state, null),
  };
}

function dndItem(ports: TrayPorts, chosen: 'online' | 'away' | 'dnd'): MenuItemConstructorOptions {
  const untilNow = (time: 'hour' | 'tomorrow' | 'never'): void =>
    ports.setStatus('dnd', untilTimes[time](Date.now()));
  return {
    label: chosen === 'dnd' ? texts.doNotDisturbOn : texts.doNotDisturb,
    submenu: [
      { label: texts.forHour, click: () => untilNow('hour') },
      { label: texts.untilTomorrow, click: () => untilNow('tomorrow') },
      { label: texts.untilTurnedOff, click: () => untilNow('never') },
    ],
  };
}

function shortened(title: string): string {
  // Code points are enough: a menu that cuts a title in an emoji still opens the right conversation.
  const chars = Array.from(title);
  return chars.length > TITLE_CHARS ? `${chars.slice(0, TITLE_CHARS - 1).join('')}…` : title;
}

function image(state: TrayState): NativeImage {
  const isTemplate = process.platform === 'darwin';
  // The number goes to the Dock there.
  const shown: TrayState = isTemplate && state.kind === 'forYou' ? { kind: 'unread' } : state;
  const picture = nativeImage.createFromPath(isTemplate ? trayTemplateIcon : trayIcon);
  const painted = paintTrayIcon(picture.toBitmap(), shown, isTemplate);
  const icon = nativeImage.createFromBitmap(Buffer.from(painted), {
    width: ICON_PX,
    height: ICON_PX,
    scaleFactor: isTemplate ? 2 : 1,
  });
  icon.setTemplateImage(isTemplate);
  return icon;
}
