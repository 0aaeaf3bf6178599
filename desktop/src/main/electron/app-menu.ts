/**
 * The application menu and its keys. On Linux and Windows it has no bar of its own in the hidden title bar and serves
 * as the table of accelerators; keys that the renderer handles are shown but left to it.
 */
import type { BrowserWindow, MenuItemConstructorOptions } from 'electron';
import { Menu } from 'electron';
import type { WindowCommand } from '../../ipc/bridge.ts';
import { texts } from '../texts.ts';

/** Zoom step and limits, in Chromium's levels (each is a factor of 1.2). */
const ZOOM = { step: 0.5, min: -3, max: 4 } as const;

interface MenuPorts {
  command(command: WindowCommand): void;
  quit(): void;
  readonly isDevelopment: boolean;
}

/** Changes a window's zoom, or resets it. */
export function zoom(window: BrowserWindow, direction: 'in' | 'out' | 'reset'): void {
  const { webContents } = window;
  const level = webContents.getZoomLevel() + (direction === 'in' ? ZOOM.step : -ZOOM.step);
  webContents.setZoomLevel(direction === 'reset' ? 0 : Math.min(ZOOM.max, Math.max(ZOOM.min, level)));
}

/** Installs the menu. */
export function installAppMenu(ports: MenuPorts): void {
  const isMac = process.platform === 'darwin';
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [{ role: 'appMenu' } as const] : []),
      fileMenu(ports),
      { label: texts.editMenu, role: 'editMenu' },
      viewMenu(ports.isDevelopment),
      goMenu(ports),
      ...(isMac ? [{ role: 'windowMenu' } as const] : []),
    ]),
  );
}

function fileMenu({ command, quit }: MenuPorts): MenuItemConstructorOptions {
  return {
    label: texts.fileMenu,
    submenu: [
      shown(texts.newConversation, 'CmdOrCtrl+N', () => command({ name: 'newConversation' })),
      shown(texts.settings, 'CmdOrCtrl+,', () => command({ name: 'showSection', section: 'settings' })),
      { type: 'separator' },
      { label: texts.closeWindow, accelerator: 'CmdOrCtrl+W', click: (_item, window) => window?.close() },
      { label: texts.quit, accelerator: 'CmdOrCtrl+Q', click: quit },
    ],
  };
}

function viewMenu(isDevelopment: boolean): MenuItemConstructorOptions {
  return {
    label: texts.viewMenu,
    submenu: [
      zoomItem(texts.zoomIn, 'CmdOrCtrl+Plus', 'in'),
      // The same key without shift, and on the number pad.
      { ...zoomItem(texts.zoomIn, 'CmdOrCtrl+=', 'in'), visible: false, acceleratorWorksWhenHidden: true },
      {
        ...zoomItem(texts.zoomIn, 'CmdOrCtrl+numadd', 'in'),
        visible: false,
        acceleratorWorksWhenHidden: true,
      },
      zoomItem(texts.zoomOut, 'CmdOrCtrl+-', 'out'),
      {
        ...zoomItem(texts.zoomOut, 'CmdOrCtrl+numsub', 'out'),
        visible: false,
        acceleratorWorksWhenHidden: true,
      },
      zoomItem(texts.zoomReset, 'CmdOrCtrl+0', 'reset'),
      { type: 'separator' },
      { label: texts.fullScreen, role: 'togglefullscreen' },
      ...(isDevelopment
        ? ([
            { type: 'separator' },
            { label: texts.reload, accelerator: 'CmdOrCtrl+Shift+R', role: 'forceReload' },
            { label: texts.developerTools, accelerator: 'F12', role: 'toggleDevTools' },
          ] as const)
        : []),
    ],
  };
}

function goMenu({ command }: MenuPorts): MenuItemConstructorOptions {
  return {
    label: texts.goMenu,
    submenu: [
      shown(texts.chats, 'CmdOrCtrl+1', () => command({ name: 'showSection', section: 'chats' })),
      shown(texts.linked, 'CmdOrCtrl+2', () => command({ name: 'showSection', section: 'linked' })),
      shown(texts.announcements, 'CmdOrCtrl+3', () =>
        command({ name: 'showSection', section: 'announcements' }),
      ),
      shown(texts.people, 'CmdOrCtrl+4', () => command({ name: 'showSection', section: 'people' })),
      shown(texts.outbox, 'CmdOrCtrl+5', () => command({ name: 'showSection', section: 'outbox' })),
    ],
  };
}

/** An item whose key the renderer handles itself, in the place where it knows the focus. */
function shown(label: string, accelerator: string, click: () => void): MenuItemConstructorOptions {
  return { label, accelerator, registerAccelerator: false, click };
}

function zoomItem(
  label: string,
  accelerator: string,
  direction: 'in' | 'out' | 'reset',
): MenuItemConstructorOptions {
  return {
    label,
    accelerator,
    click: (_item, window) => {
      if (window) zoom(window as BrowserWindow, direction);
    },
  };
}
