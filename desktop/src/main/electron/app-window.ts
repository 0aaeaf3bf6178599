/**
 * The app's window: its safety settings, its colours before the first paint, its place between runs, and what it does
 * when its page dies. What closing means is decided by the caller.
 */
import type { BrowserWindowConstructorOptions } from 'electron';
import { BrowserWindow, app, nativeTheme, screen, systemPreferences } from 'electron';
import { bootArgument } from '../../ipc/boot-argument.ts';
import type { BootFacts } from '../../ipc/bridge.ts';
import type { Preferences } from '../../ipc/views.ts';
import type { JsonFile } from '../json-file.ts';
import type { Log } from '../log-file.ts';
import type { ThemeColors } from '../theme-colors.ts';
import { themeColors } from '../theme-colors.ts';
import type { WindowState } from '../window-state.ts';
import { MIN_WINDOW, restoredPlace } from '../window-state.ts';
import { showTextMenus } from './text-menu.ts';

const TITLE_BAR_PX = 36;
/** A page that dies again and again is not loaded for ever. */
const MAX_RELOADS = 3;
const SAVE_DELAY_MS = 500;

interface WindowPorts {
  readonly preloadFile: string;
  readonly url: string;
  readonly iconFile: string;
  /** Whether it stays out of sight until it is asked for. */
  readonly isHidden: boolean;
  readonly state: JsonFile<WindowState>;
  preferences(): Preferences;
  /** The page starts anew: whatever it had open is gone. */
  onPageGone(windowId: number): void;
  /** The page is there and listens. */
  onPageLoaded(windowId: number): void;
  onFocusChanged(windowId: number, isFocused: boolean): void;
  /** The window went out of sight (minimised, in the tray) or came back. */
  onVisibilityChanged(windowId: number, isVisible: boolean): void;
  /** Called for the close button; true lets the window close. */
  mayClose(window: BrowserWindow): boolean;
  onClosed(windowId: number): void;
  log: Log;
}

/** An open window. */
export interface AppWindow {
  readonly window: BrowserWindow;
  /** Writes down its place a last time, before the app quits. */
  savePlace(): void;
}

/** Opens the window; it shows itself once its first frame is painted. */
export function openAppWindow(ports: WindowPorts): AppWindow {
  const window = new BrowserWindow(windowOptions(ports));
  const { id } = window;
  const { webContents } = window;
  // Maximizing shows a window.
  if (ports.state.value.isMaximized && !ports.isHidden) window.maximize();
  else if (ports.state.value.isMaximized) window.once('show', () => window.maximize());
  if (ports.isHidden) ports.onVisibilityChanged(id, false);
  else window.once('ready-to-show', () => window.show());
  window.on('focus', () => ports.onFocusChanged(id, true));
  window.on('blur', () => ports.onFocusChanged(id, false));
  window.on('show', () => ports.onFocusChanged(id, window.isFocused()));
  window.on('hide', () => ports.onFocusChanged(id, false));
  window.on('show', () => ports.onVisibilityChanged(id, true));
  window.on('restore', () => ports.onVisibilityChanged(id, true));
  window.on('hide', () => ports.onVisibilityChanged(id, false));
  window.on('minimize', () => ports.onVisibilityChanged(id, false));
  window.on('close', (event) => {
    if (!ports.mayClose(window)) event.preventDefault();
  });
  window.on('closed', () => ports.onClosed(id));
  // Only a navigation that took place ends the page: one that was refused started too.
  webContents.on('did-navigate', () => ports.onPageGone(id));
  webContents.on('did-finish-load', () => ports.onPageLoaded(id));
  const savePlace = rememberPlace(window, ports.state);
  reloadWhenGone(window, ports);
  showTextMenus(window);
  void window.loadURL(ports.url).catch(() => {
    ports.log('error', 'window.loadFailed');
    // An empty window can be closed; an invisible app cannot.
    window.show();
  });
  return { window, savePlace };
}

/** Moves a window back to where it can be reached, after a screen went away or changed. */
export function keepReachable(window: BrowserWindow): void {
  if (window.isDestroyed() || window.isMaximized() || window.isFullScreen()) return;
  const bounds = window.getNormalBounds();
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  const place = restoredPlace({ bounds, isMaximized: false }, areas);
  if (place.x !== undefined) return;
  const { workArea } = screen.getPrimaryDisplay();
  const width = Math.min(place.width, workArea.width);
  const height = Math.min(place.height, workArea.height);
  window.setBounds({ x: workArea.x, y: workArea.y, width, height });
  window.center();
}

/** Paints background and window controls after a change of theme. */
export function repaintWindow(window: BrowserWindow, preferences: Preferences): void {
  const colors = currentColors(preferences);
  window.setBackgroundColor(colors.background);
  if (process.platform !== 'darwin') window.setTitleBarOverlay(overlay(colors));
}

function windowOptions(ports: WindowPorts): BrowserWindowConstructorOptions {
  const preferences = ports.preferences();
  const colors = currentColors(preferences);
  const areas = screen.getAllDisplays().map((display) => display.workArea);
  return {
    ...restoredPlace(ports.state.value, areas),
    minWidth: MIN_WINDOW.width,
    minHeight: MIN_WINDOW.height,
    show: false,
    title: app.name,
    icon: ports.iconFile,
    backgroundColor: colors.background,
    titleBarStyle: 'hidden',
    ...(process.platform === 'darwin'
      ? { trafficLightPosition: { x: 14, y: 12 } }
      : { titleBarOverlay: overlay(colors), autoHideMenuBar: true }),
    webPreferences: {
      preload: ports.preloadFile,
      additionalArguments: [bootArgument(bootFacts(preferences))],
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      // A notification is heard before anybody has clicked in the window.
      autoplayPolicy: 'no-user-gesture-required',
      // Compiled once at the first start instead of after the third, and whole: later starts only load it.
      v8CacheOptions: 'bypassHeatCheckAndEagerCompile',
    },
  };
}

function bootFacts(preferences: Preferences): BootFacts {
  const { platform } = process;
  return {
    platform: platform === 'darwin' || platform === 'win32' ? platform : 'linux',
    preferences,
    systemPrefersDark: nativeTheme.shouldUseDarkColors,
    systemPrefersContrast: nativeTheme.shouldUseHighContrastColors,
    systemPrefersReducedMotion: systemPreferences.getAnimationSettings().prefersReducedMotion,
    locale: app.getLocale() || 'en',
  };
}

function currentColors(preferences: Preferences): ThemeColors {
  const system = {
    prefersDark: nativeTheme.shouldUseDarkColors,
    prefersContrast: nativeTheme.shouldUseHighContrastColors,
  };
  return themeColors(preferences, system);
}

function overlay(colors: ThemeColors) {
  return { color: colors.titleBar, symbolColor: colors.symbols, height: TITLE_BAR_PX };
}

/** Keeps the window's place up to date; the returned function writes it a last time. */
function rememberPlace(window: BrowserWindow, state: JsonFile<WindowState>): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isFinished = false;
  const save = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (window.isDestroyed() || isFinished) return;
    // A place that cannot be saved is not worth a word to anybody.
    void state.save({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }).catch(() => {});
  };
  const saveSoon = (): void => {
    timer ??= setTimeout(save, SAVE_DELAY_MS);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('maximize', saveSoon);
  window.on('unmaximize', saveSoon);
  return () => {
    save();
    isFinished = true;
  };
}

function reloadWhenGone(window: BrowserWindow, ports: WindowPorts): void {
  let reloads = 0;
  window.webContents.on('render-process-gone', (_event, details) => {
    ports.onPageGone(window.id);
    if (details.reason === 'clean-exit') return;
    reloads += 1;
    ports.log('error', 'window.pageGone', { reason: details.reason, reloads });
    if (reloads <= MAX_RELOADS && !window.isDestroyed()) window.reload();
  });
}
