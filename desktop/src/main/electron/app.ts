// long-file: the order in which the parts of the main process are built and tied stands in one place
/**
 * The composition root: builds every part of the main process once, in order, and hands each what it needs. Owns the
 * order of starting and stopping, and no rule of its own.
 */
import { previewTestServer } from '../preview-test-server.ts';
import { randomUUID } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { app, nativeTheme, session as electronSession } from 'electron';
import { ACCOUNT_PARAMETER, FIRST_SLOT } from '../../ipc/account-slot.ts';
import type { CoreConfig, EnvironmentEvent } from '../../ipc/core-port.ts';
import type { ViewChange } from '../../ipc/feed.ts';
import { speechOf } from '../../ipc/languages.ts';
import type { Preferences } from '../../ipc/views.ts';
import { AboutFacts } from '../about.ts';
import { Accounts } from '../accounts.ts';
import { parseCommandLine } from '../command-line.ts';
import { CoreHost } from '../core-host.ts';
import { startCoreThread } from '../core-thread.ts';
import { signInForDemo } from '../demo-sign-in.ts';
import { openProfileFiles, type ProfileFiles } from '../files-of-profile.ts';
import { IpcHost } from '../ipc-host.ts';
import { APP_SCHEME, type AppLink } from '../links.ts';
import { LocalViews } from '../local-views.ts';
import { openLogFile } from '../log-file.ts';
import { logLoopDelay } from '../loop-delay.ts';
import { changePreferences } from '../preferences.ts';
import { APP_URL, isOwnUrl } from '../renderer-files.ts';
import { openSessionBus } from '../session-bus.ts';
import { MAIN_WINDOW_ID, OwnViews } from '../own-views.ts';
import { noSpelling } from '../spelling/no-spelling.ts';
import { speakInMain, texts } from '../texts.ts';
import { installAppMenu } from './app-menu.ts';
import { registerAppScheme, serveRenderer } from './app-protocol.ts';
import { AppWindows } from './app-windows.ts';
import type { AppUpdates } from './app-updater.ts';
import { corePorts, openKeyring } from './core-ports.ts';
import { logCrashes } from './crash-log.ts';
import { DesktopPresence } from './desktop-presence.ts';
import { watchEnvironment } from './environment.ts';
import { serveIpc } from './ipc-channels.ts';
import { listenForLinks } from './link-requests.ts';
import { localIntents } from './local-intents.ts';
import { lockDown } from './lockdown.ts';
import { composeNetwork } from './network-parts.ts';
import { startAtLogin } from './start-at-login.ts';
import { setShowShortcut } from './show-shortcut.ts';
import { Spelling } from './spelling.ts';
import { composeUpdates, watchForUpdates } from './update-parts.ts';

/** Where the built parts lie. */
export interface AppPaths {
  readonly preloadFile: string;
  readonly rendererDir: string;
  readonly coreWorkerFile: string;
  readonly spellingWorkerFile: string;
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
  parts.accounts.start();
  const end = drainBeforeQuit(parts);
  void app.whenReady().then(() => run(paths, parts, links, end));
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
  const ownViews = new OwnViews();
  const about = new AboutFacts(app.getVersion(), process.versions, (meta) =>
    localViews.publish('about', meta),
  );
  const keyring = openKeyring(files.profile.value.profileId);
  const network = composeNetwork({
    file: files.network,
    keyring,
    changed: (meta) => {
      localViews.publish('network', meta);
      accounts.environment({ kind: 'routesChanged' });
      void updating.installer?.reroute();
    },
  });
  const updating = composeUpdates((meta) => localViews.publish('updates', meta), network, log);
  const toWindow = (windowId: number, changes: readonly ViewChange[]): void => {
    if (windowId === MAIN_WINDOW_ID) ownViews.receive(changes);
    else windows.sendChanges(windowId, changes);
  };
  const localMetas = {
    preferences: files.preferences.value,
    about: about.meta,
    updates: updating.updates.meta,
    accounts: { current: files.profile.value.account, accounts: [] },
    network: network.meta,
    spelling: noSpelling,
  };
  const localViews = new LocalViews(localMetas, nextViewId, toWindow);

  const answerPort = corePorts(keyring, network);
  const createHost = (slot: string, dataDir: string): CoreHost =>
    new CoreHost(
      {
        start: (events) =>
          startCoreThread(paths.coreWorkerFile, events, ({ sqlite }) => about.know({ sqlite })),
        config: coreConfig(dataDir),
        answerPort,
        toWindow,
        onFact: (fact) => {
          accounts.note(slot, fact);
          presence.onFact(slot, fact);
        },
        onCrash: (crashes) => {
          if (crashes === 1) presence.inform(texts.recovered);
        },
        after,
        nowMs: () => performance.now(),
        log,
      },
      nextViewId,
    );
  const accounts: Accounts = new Accounts({
    profileDir,
    views: ownViews,
    createHost,
    last: lastAccount(files),
    loadPage: () => windows.loadPage(),
    publish: (meta) => {
      localViews.publish('accounts', meta);
      presence.showTray();
    },
    opened: (slot, host) => void presence.follow(ownViews, host, slot),
  });
  const windows = new AppWindows({
    preloadFile: paths.preloadFile,
    url: () => pageOf(accounts.current, developmentUrl),
    files,
    onPageGone: (windowId) => {
      accounts.pageGone(windowId);
      localViews.closeAllOf(windowId);
    },
    report: (event) => accounts.environment(event),
    hasTrayHost: () => presence.hasTrayHost(),
    explainTray: () => presence.inform(texts.keepsRunning),
    log,
  });
  const presence: DesktopPresence = new DesktopPresence({
    preferences: () => files.preferences.value,
    playSound: (sound) => windows.sendQuietly({ name: 'playSound', sound }),
    intent: async (account, name, request) =>
      (await accounts.coreOf(account)?.intent(MAIN_WINDOW_ID, name, request))?.ok ?? false,
    report: (account, reports) => accounts.coreOf(account)?.notified(reports),
    isFocused: () => windows.isFocused(),
    isVisible: () => windows.isVisible(),
    command: (command, account) => {
      accounts.show(account);
      windows.command(command);
    },
    shownAccount: () => accounts.current,
    toggleWindow: () => windows.toggle(),
    showWindow: () => windows.show(),
    quit: () => app.quit(),
  });
  accounts.environment(notificationSettings(files.preferences.value));
  const spelling = new Spelling({
    workerFile: paths.spellingWorkerFile,
    preferences: () => files.preferences.value,
    publish: (meta) => localViews.publish('spelling', meta),
    log,
  });
  return {
    logFile,
    log,
    files,
    developmentUrl,
    about,
    updating,
    localViews,
    accounts,
    network,
    windows,
    presence,
    spelling,
  };
}

async function run(
  paths: AppPaths,
  parts: Parts,
  links: ReturnType<typeof listenForLinks>,
  end: End,
): Promise<void> {
  const { accounts, windows, log, developmentUrl, presence, about, updating } = parts;
  const isTrusted = (url: string): boolean => isOwnUrl(url, developmentUrl);
  lockDown({ isOwnUrl: isTrusted, isDevelopment: developmentUrl !== undefined, log });
  parts.spelling.prepare(electronSession.defaultSession);
  serveRenderer(paths.rendererDir);
  serveIpc(ipcHost(parts, isTrusted, end), (contents) => windows.idOf(contents));
  showInLanguage(parts);
  const { isHidden } = parseCommandLine(process.argv);
  windows.open(isHidden);
  windows.watchScreens();
  log('info', 'app.started', { version: app.getVersion(), electron: process.versions.electron });
  // The system starts it once more at sign-in, hidden; that asks for no window.
  app.on('second-instance', (_event, argv) => {
    if (!parseCommandLine(argv).isHidden) windows.show();
  });
  links.follow((link) => void openLink(link, parts));
  app.on('activate', () => windows.show());
  nativeTheme.on('updated', () => windows.repaint());
  if (!setShowShortcut(parts.files.preferences.value.showShortcut, () => windows.show()))
    log('warn', 'showShortcut.taken');

  const session = accounts.watch();
  session.onChange((state) => about.setServer(state.state === 'active' ? state.serverUrl : null));
  watchForUpdates({ updates: updating.updates, about, core: accounts, session, after });
  const demoFile = app.isPackaged ? undefined : process.env['CURLEW_DEMO_SIGN_IN'];
  const first = accounts.current;
  const core = accounts.coreOf(first);
  if (demoFile && core) signInForDemo(demoFile, { session: accounts.watch(first), core, after, log });
  void parts.spelling.apply();

  const bus = await openSessionBus();
  watchEnvironment(bus, (event) => {
    if (event.kind === 'lockChanged') presence.isLocked = event.isLocked;
    accounts.environment(event);
  });
  await presence.start(bus);
  if (isHidden && !(await presence.hasTrayHost())) windows.minimize();
}

/** Menu and tray in the language that was chosen. */
function showInLanguage({ files, windows, presence }: Parts): void {
  speakInMain(speechOf(files.preferences.value.language, app.getLocale()).language);
  installAppMenu({
    command: (command) => windows.command(command),
    quit: () => app.quit(),
    isDevelopment: !app.isPackaged,
  });
  presence.showTray();
}

function ipcHost(parts: Parts, isTrusted: (url: string) => boolean, end: End): IpcHost {
  const { accounts, windows, files, localViews, about, updating, network, presence, log } = parts;
  return new IpcHost({
    isOwnUrl: isTrusted,
    coreOf: (account) => accounts.coreOf(account),
    localIntents: localIntents({
      changePreferences: async (change) => {
        const preferences = changePreferences(files.preferences.value, change);
        const saved = files.preferences.save(preferences);
        localViews.publish('preferences', preferences);
        accounts.environment(notificationSettings(preferences));
        presence.showBadge();
        if (change.language) showInLanguage(parts);
        presence.showTray();
        if (change.startAtLogin !== undefined || change.startHidden !== undefined)
          startAtLogin(preferences, log);
        if (change.spelling !== undefined || change.spellingLanguages !== undefined)
          void parts.spelling.apply();
        windows.repaint();
        await saved;
      },
      setShowShortcut: (isOn) => setShowShortcut(isOn, () => windows.show()),
      checkForUpdates: async () => {
        const policy = await about.refresh(accounts);
        if (policy) updating.updates.setPolicy(policy);
        await updating.updates.check();
      },
      restartToUpdate: () => {
        const { installer, updates } = updating;
        if (installer && updates.meta.state === 'ready') end(() => void installOrStartAgain(installer));
      },
      network,
      diagnostics: {
        core: accounts,
        network,
        about: () => about.meta,
        updates: () => updating.updates.meta,
        preferences: () => files.preferences.value,
      },
      testNotification: () => presence.test(),
      showAccount: (account) => accounts.show(account),
      addAccount: () => accounts.add(),
      findWindow: (windowId) => windows.find(windowId),
      quit: () => app.quit(),
    }),
    localViews: {
      open: (windowId, view) => {
        if (view === 'about') void about.refresh(accounts);
        return localViews.open(windowId, view);
      },
      close: (windowId, viewId) => localViews.close(windowId, viewId),
    },
    log,
  });
}

/** Does what a link asks, in the account of the server it names. */
async function openLink({ serverUrl, command }: AppLink, parts: Parts): Promise<void> {
  const { accounts, windows, presence } = parts;
  if (serverUrl !== null) {
    const account = await accounts.onServer(serverUrl);
    if (account !== undefined) accounts.show(account);
    // An invitation is for those who have no account there yet; the window knows what to do with it.
    else if (command.name !== 'openInvitation')
      return presence.inform(texts.noAccountOn(new URL(serverUrl).host));
  }
  windows.command(command);
}

/** Address of the page of an account; the first one's stands alone, as it always did. */
function pageOf(account: string, developmentUrl: string | undefined): string {
  const url = new URL(developmentUrl ?? APP_URL);
  if (account !== FIRST_SLOT) url.searchParams.set(ACCOUNT_PARAMETER, account);
  return url.href;
}

/** The account that was shown last, kept in the profile. */
function lastAccount({ profile }: ProfileFiles) {
  return {
    get: () => profile.value.account,
    keep: (account: string) => {
      if (account !== profile.value.account) void profile.save({ ...profile.value, account }).catch(() => {});
    },
  };
}

/** Closes everything in order, once, then finishes as told. */
type End = (finish: () => void) => void;

/** Nothing is open any more when this runs: an update that could not be installed leaves a start of what was there. */
async function installOrStartAgain(installer: AppUpdates): Promise<void> {
  if (await installer.install()) return;
  app.relaunch();
  app.quit();
}

/** Quitting waits until the core has closed its files and everything small is written. */
function drainBeforeQuit({ accounts, windows, presence, files, logFile }: Parts): End {
  let state: 'running' | 'draining' | 'drained' = 'running';
  const drain = async (finish: () => void): Promise<void> => {
    windows.prepareToQuit();
    await accounts.stop();
    presence.stop();
    await files.flush();
    await logFile.flush();
    state = 'drained';
    finish();
  };
  const end: End = (finish) => {
    if (state !== 'running') return;
    state = 'draining';
    void drain(finish);
  };
  app.on('before-quit', (event) => {
    if (state === 'drained') return;
    event.preventDefault();
    end(() => app.quit());
  });
  // The app ends by quitting, not by its last window going away.
  app.on('window-all-closed', () => {});
  return end;
}

function coreConfig(dataDir: string): CoreConfig {
  return {
    dataDir,
    // How the server tells this app from programs of others.
    appVersion: `Curlew ${app.getVersion()}`,
    deviceName: os.hostname(),
    previewTestServer: app.isPackaged
      ? undefined
      : previewTestServer(process.env['CURLEW_PREVIEW_TEST_SERVER']),
    defaultServerUrl: parseCommandLine(process.argv).serverUrl,
  };
}

function notificationSettings({ notificationLevel, quietHours }: Preferences): EnvironmentEvent {
  return { kind: 'notificationSettings', settings: { level: notificationLevel, quietHours } };
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
