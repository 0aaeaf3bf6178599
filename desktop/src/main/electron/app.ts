/**
 * The composition root: builds every part of the main process once, in order, and hands each what it needs. Owns the
 * order of starting and stopping, and no rule of its own.
 */
import { previewTestServer } from '../preview-test-server.ts';
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { app, nativeTheme } from 'electron';
import type { CoreConfig } from '../../ipc/core-port.ts';
import type { ViewChange } from '../../ipc/feed.ts';
import { AboutFacts, appVersion } from '../about.ts';
import { parseCommandLine } from '../command-line.ts';
import { CoreHost } from '../core-host.ts';
import { startCoreThread } from '../core-thread.ts';
import { signInForDemo } from '../demo-sign-in.ts';
import { openProfileFiles } from '../files-of-profile.ts';
import { IpcHost } from '../ipc-host.ts';
import { APP_SCHEME } from '../links.ts';
import { LocalViews } from '../local-views.ts';
import { openLogFile } from '../log-file.ts';
import { logLoopDelay } from '../loop-delay.ts';
import { changePreferences } from '../preferences.ts';
import { APP_URL, isOwnUrl } from '../renderer-files.ts';
import { openSessionBus } from '../session-bus.ts';
import { MAIN_WINDOW_ID, SessionWatch } from '../session-watch.ts';
import { texts } from '../texts.ts';
import { installAppMenu } from './app-menu.ts';
import { registerAppScheme, serveRenderer } from './app-protocol.ts';
import { AppWindows } from './app-windows.ts';
import { corePorts } from './core-ports.ts';
import { logCrashes } from './crash-log.ts';
import { DesktopPresence } from './desktop-presence.ts';
import { watchEnvironment } from './environment.ts';
import { serveIpc } from './ipc-channels.ts';
import { listenForLinks } from './link-requests.ts';
import { localIntents } from './local-intents.ts';
import { lockDown } from './lockdown.ts';

/** Where the built parts lie. */
export interface AppPaths {
  readonly preloadFile: string;
  readonly rendererDir: string;
  readonly coreWorkerFile: string;
}

/** Starts the app, unless it already runs on this profile: then that one comes to the front. */
export function startApp(paths: AppPaths): void {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  // Windows shows notifications only for an app it knows by the id of its shortcut.
  app.setAppUserModelId('org.curlew.desktop');
  // Its installer says so on Linux and macOS.
  if (app.isPackaged && process.platform === 'win32') app.setAsDefaultProtocolClient(APP_SCHEME);
  registerAppScheme();
  const links = listenForLinks();
  const parts = compose(paths);
  // The core opens its files while Electron gets ready.
  parts.core.start();
  drainBeforeQuit(parts);
  void app.whenReady().then(() => run(paths, parts, links));
}

type Parts = ReturnType<typeof compose>;

function compose(paths: AppPaths) {
  const profileDir = app.getPath('userData');
  const logFile = openLogFile(path.join(profileDir, 'logs'), Date.now);
  const { log } = logFile;
  logCrashes(log);
  if (process.env['CURLEW_MEASURE'] === '1') logLoopDelay(log);
  const files = openProfileFiles(profileDir, randomUUID);
  const developmentUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];
  const nextViewId = counter();
  const session = new SessionWatch();
  const about = new AboutFacts(process.versions, (meta) => localViews.publish('about', meta));
  const toWindow = (windowId: number, changes: readonly ViewChange[]): void => {
    if (windowId === MAIN_WINDOW_ID) session.receive(changes);
    else windows.sendChanges(windowId, changes);
  };
  const localMetas = { preferences: files.preferences.value, about: about.meta };
  const localViews = new LocalViews(localMetas, nextViewId, toWindow);

  const core = new CoreHost(
    {
      start: (events) =>
        startCoreThread(paths.coreWorkerFile, events, ({ sqlite }) => about.know({ sqlite })),
      config: coreConfig(profileDir),
      answerPort: corePorts(files.profile.value.profileId),
      toWindow,
      onFact: (fact) => presence.onFact(fact),
      onCrash: (crashes) => {
        if (crashes === 1) presence.inform(texts.recovered);
      },
      after,
      nowMs: () => performance.now(),
      log,
    },
    nextViewId,
  );
  const windows = new AppWindows({
    preloadFile: paths.preloadFile,
    url: developmentUrl ?? APP_URL,
    files,
    onPageGone: (windowId) => {
      core.closeViewsOf(windowId);
      localViews.closeAllOf(windowId);
    },
    report: (event) => core.environment(event),
    hasTrayHost: () => presence.hasTrayHost(),
    explainTray: () => presence.inform(texts.keepsRunning),
    log,
  });
  const presence: DesktopPresence = new DesktopPresence({
    preview: () => files.preferences.value.notificationPreview,
    isFocused: () => windows.isFocused(),
    command: (command) => windows.command(command),
    toggleWindow: () => windows.toggle(),
    showWindow: () => windows.show(),
    quit: () => app.quit(),
  });
  return { logFile, log, files, developmentUrl, session, about, localViews, core, windows, presence };
}

async function run(paths: AppPaths, parts: Parts, links: ReturnType<typeof listenForLinks>): Promise<void> {
  const { core, windows, log, developmentUrl, presence, session, about } = parts;
  const isTrusted = (url: string): boolean => isOwnUrl(url, developmentUrl);
  lockDown({ isOwnUrl: isTrusted, isDevelopment: developmentUrl !== undefined, log });
  serveRenderer(paths.rendererDir);
  serveIpc(ipcHost(parts, isTrusted), (contents) => windows.idOf(contents));
  installAppMenu({
    command: (command) => windows.command(command),
    quit: () => app.quit(),
    isDevelopment: !app.isPackaged,
  });
  windows.open();
  log('info', 'app.started', { version: appVersion, electron: process.versions.electron });
  app.on('second-instance', () => windows.show());
  links.follow((link) => windows.command({ name: 'openItem', ...link }));
  app.on('activate', () => windows.show());
  nativeTheme.on('updated', () => windows.repaint());

  session.onChange((state) => about.setServer(state.state === 'active' ? state.serverUrl : null));
  const demoFile = app.isPackaged ? undefined : process.env['CURLEW_DEMO_SIGN_IN'];
  if (demoFile) signInForDemo(demoFile, { session, core, after, log });
  await session.start(core);

  const bus = await openSessionBus();
  watchEnvironment(bus, (event) => {
    if (event.kind === 'lockChanged') presence.isLocked = event.isLocked;
    core.environment(event);
  });
  await presence.start(bus);
}

function ipcHost(parts: Parts, isTrusted: (url: string) => boolean): IpcHost {
  const { core, windows, files, localViews, about, log } = parts;
  return new IpcHost({
    isOwnUrl: isTrusted,
    core,
    localIntents: localIntents({
      changePreferences: async (change) => {
        const preferences = changePreferences(files.preferences.value, change);
        const saved = files.preferences.save(preferences);
        localViews.publish('preferences', preferences);
        windows.repaint();
        await saved;
      },
      findWindow: (windowId) => windows.find(windowId),
      quit: () => app.quit(),
    }),
    localViews: {
      open: (windowId, view) => {
        if (view === 'about') void about.refresh(core);
        return localViews.open(windowId, view);
      },
      close: (windowId, viewId) => localViews.close(windowId, viewId),
    },
    log,
  });
}

/** Quitting waits until the core has closed its files and everything small is written. */
function drainBeforeQuit({ core, windows, presence, files, logFile }: Parts): void {
  let state: 'running' | 'draining' | 'drained' = 'running';
  const drain = async (): Promise<void> => {
    windows.prepareToQuit();
    await core.stop();
    presence.stop();
    await files.flush();
    await logFile.flush();
    state = 'drained';
    app.quit();
  };
  app.on('before-quit', (event) => {
    if (state === 'drained') return;
    event.preventDefault();
    if (state === 'draining') return;
    state = 'draining';
    void drain();
  });
  // The app ends by quitting, not by its last window going away.
  app.on('window-all-closed', () => {});
}

function coreConfig(profileDir: string): CoreConfig {
  return {
    dataDir: profileDir,
    appVersion,
    deviceName: os.hostname(),
    previewTestServer: app.isPackaged
      ? undefined
      : previewTestServer(process.env['CURLEW_PREVIEW_TEST_SERVER']),
    defaultServerUrl: parseCommandLine(process.argv).serverUrl,
  };
}

function after(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

function counter(): () => number {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}
