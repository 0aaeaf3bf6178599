/**
 * The app's windows: one today, by id so that there may be more. Owns which are open, and what closing
 * means: hide to the tray where one exists, minimise where none does, quit when the person chose so.
 */
import type { BrowserWindow, WebContents } from 'electron';
import { app, screen } from 'electron';
import type { WindowCommand } from '../../ipc/bridge.ts';
import { channels } from '../../ipc/bridge.ts';
import type { EnvironmentEvent } from '../../ipc/core-port.ts';
import type { ViewChange } from '../../ipc/feed.ts';
import appIcon from '../../../resources/icons/256x256.png?asset';
import type { ProfileFiles } from '../files-of-profile.ts';
import type { Log } from '../log-file.ts';
import type { AppWindow } from './app-window.ts';
import { keepReachable, openAppWindow, repaintWindow } from './app-window.ts';

interface WindowsPorts {
  readonly preloadFile: string;
  /** Address of the page that is to show now. */
  url(): string;
  readonly files: ProfileFiles;
  /** The page of a window starts anew or is gone: whatever it had open is gone. */
  onPageGone(windowId: number): void;
  report(event: EnvironmentEvent): void;
  hasTrayHost(): Promise<boolean>;
  /** The window hides for the first time; say that the app goes on. */
  explainTray(): void;
  log: Log;
}

/** See the file's head. */
export class AppWindows {
  readonly #ports: WindowsPorts;
  readonly #windows = new Map<number, AppWindow>();
  /** Windows whose page listens, and what the others are to be asked once theirs does. */
  readonly #listening = new Set<number>();
  readonly #waiting = new Map<number, WindowCommand>();
  #isQuitting = false;

  constructor(ports: WindowsPorts) {
    this.#ports = ports;
  }

  /** Opens a window, out of sight when asked so. */
  open(isHidden = false): void {
    const { files, report, onPageGone } = this.#ports;
    const opened = openAppWindow({
      preloadFile: this.#ports.preloadFile,
      url: this.#ports.url(),
      iconFile: appIcon,
      isHidden,
      state: files.window,
      preferences: () => files.preferences.value,
      onPageGone: (windowId) => {
        this.#listening.delete(windowId);
        onPageGone(windowId);
      },
      onPageLoaded: (windowId) => {
        this.#listening.add(windowId);
        const command = this.#waiting.get(windowId);
        this.#waiting.delete(windowId);
        if (command) this.find(windowId)?.webContents.send(channels.command, command);
      },
      onFocusChanged: (windowId, isFocused) => report({ kind: 'windowFocusChanged', windowId, isFocused }),
      onVisibilityChanged: (windowId, isVisible) =>
        report({ kind: 'windowVisibilityChanged', windowId, isVisible }),
      mayClose: (closing) => this.#mayClose(closing),
      onClosed: (windowId) => {
        this.#windows.delete(windowId);
        this.#listening.delete(windowId);
        this.#waiting.delete(windowId);
        onPageGone(windowId);
        report({ kind: 'windowClosed', windowId });
      },
      log: this.#ports.log,
    });
    this.#windows.set(opened.window.id, opened);
  }

  /** Windows go out of sight and from now on close without asking. */
  prepareToQuit(): void {
    this.#isQuitting = true;
    for (const { window, savePlace } of this.#windows.values()) {
      savePlace();
      window.hide();
    }
  }

  /** Id of the window with these contents, if it is one of ours. */
  idOf(contents: WebContents): number | undefined {
    return [...this.#windows.values()].find(({ window }) => window.webContents === contents)?.window.id;
  }

  /** The window with this id, unless it is closed. */
  find(windowId: number): BrowserWindow | undefined {
    return this.#windows.get(windowId)?.window;
  }

  /** Keeps every window where it can be reached, whatever becomes of the screens. */
  watchScreens(): void {
    const check = (): void => {
      for (const { window } of this.#windows.values()) keepReachable(window);
    };
    screen.on('display-removed', check);
    screen.on('display-metrics-changed', check);
  }

  /** A window that started hidden where nothing brings it back: minimised, so that its button does. */
  minimize(): void {
    const window = this.#main();
    if (!window || window.isVisible()) return;
    window.showInactive();
    window.minimize();
  }

  /** Whether one of them can be seen. */
  isVisible(): boolean {
    return [...this.#windows.values()].some(({ window }) => window.isVisible() && !window.isMinimized());
  }

  /** Whether the person works in one of them. */
  isFocused(): boolean {
    return [...this.#windows.values()].some(({ window }) => window.isVisible() && window.isFocused());
  }

  /** Delivers changes of views. */
  sendChanges(windowId: number, changes: readonly ViewChange[]): void {
    const window = this.find(windowId);
    if (window && !window.webContents.isDestroyed()) window.webContents.send(channels.viewsChanged, changes);
  }

  /** Brings the window up and asks its page for something; while the page loads, the newest request waits. */
  command(command: WindowCommand): void {
    this.show();
    const window = this.#main();
    if (!window) return;
    if (this.#listening.has(window.id)) window.webContents.send(channels.command, command);
    else this.#waiting.set(window.id, command);
  }

  /** Asks a page for something without bringing its window up; nothing waits for a page that loads. */
  sendQuietly(command: WindowCommand): void {
    const window = this.#main();
    if (window && this.#listening.has(window.id)) window.webContents.send(channels.command, command);
  }

  /** Brings the window up, opening one if all are closed. */
  show(): void {
    const window = this.#main();
    if (!window) return this.open();
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  /** What a click on the tray icon does. */
  toggle(): void {
    const window = this.#main();
    if (window?.isVisible() && window.isFocused()) window.hide();
    else this.show();
  }

  /** Loads the page that is to show now in place of the one that shows; what that one was asked goes with it. */
  loadPage(): void {
    for (const [windowId, { window }] of this.#windows) {
      this.#listening.delete(windowId);
      this.#waiting.delete(windowId);
      // A load that another one overtakes is refused, and that one goes on.
      void window.loadURL(this.#ports.url()).catch(() => this.#ports.log('warn', 'window.loadAborted'));
    }
  }

  /** Paints all windows after a change of theme. */
  repaint(): void {
    for (const { window } of this.#windows.values())
      repaintWindow(window, this.#ports.files.preferences.value);
  }

  #main(): BrowserWindow | undefined {
    const [first] = this.#windows.values();
    return first?.window;
  }

  #mayClose(window: BrowserWindow): boolean {
    if (this.#isQuitting) return true;
    if (this.#ports.files.preferences.value.closeToTray) void this.#putAway(window);
    else app.quit();
    return false;
  }

  async #putAway(window: BrowserWindow): Promise<void> {
    const hasTray = process.platform === 'darwin' || (await this.#ports.hasTrayHost());
    if (window.isDestroyed()) return;
    if (!hasTray) return window.minimize();
    window.hide();
    const { profile } = this.#ports.files;
    if (profile.value.hasExplainedTray) return;
    this.#ports.explainTray();
    await profile.save({ ...profile.value, hasExplainedTray: true }).catch(() => {});
  }
}
