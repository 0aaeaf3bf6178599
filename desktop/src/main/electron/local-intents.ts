/** The intents main answers itself: preferences, links, clipboard, updates and window controls. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserWindow } from 'electron';
import { app, clipboard, shell } from 'electron';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import { assertNever, err, ok } from '@curlew/shared/lib/result.ts';
import type { IntentAnswer, IntentRequest } from '../../ipc/intents.ts';
import type { LocalIntents } from '../ipc-host.ts';
import { externalLink } from '../links.ts';
import type { PreferencesChange } from '../preferences.ts';
import type { NetworkRoutes } from '../network-routes.ts';
import { measureFiles } from '../storage-files.ts';
import { zoom } from './app-menu.ts';
import { diagnosticsIntentHandlers, type DiagnosticsPorts } from './diagnostics-parts.ts';
import { networkIntentHandlers } from './network-parts.ts';
import { saveTextFile } from './save-text-file.ts';

interface LocalIntentPorts {
  /** Resolves when the change is on disk. */
  changePreferences(change: PreferencesChange): Promise<void>;
  /** Takes or gives back the keys that show the window; false when they cannot be had. */
  setShowShortcut(isOn: boolean): boolean;
  /** Resolves when the look is over, whatever it found. */
  checkForUpdates(): Promise<void>;
  restartToUpdate(): void;
  readonly network: NetworkRoutes;
  readonly diagnostics: DiagnosticsPorts;
  testNotification(): Promise<IntentAnswer<'notification.test'>>;
  findWindow(windowId: number): BrowserWindow | undefined;
  /** False when there is no such account. */
  showAccount(account: string): boolean;
  addAccount(): void;
  quit(): void;
}

type Answer = Result<Record<string, never>, ErrorBody>;
const done: Answer = ok({});

/** Builds the handlers. */
export function localIntents(ports: LocalIntentPorts): LocalIntents {
  return {
    // The page that asks goes away; it gets its answer first.
    'accounts.show': ({ account }) => {
      setImmediate(() => ports.showAccount(account));
      return Promise.resolve(done);
    },
    'accounts.add': () => {
      setImmediate(() => ports.addAccount());
      return Promise.resolve(done);
    },
    'preferences.set': async (change) => {
      const { showShortcut } = change;
      if (showShortcut !== undefined && !ports.setShowShortcut(showShortcut))
        return err(errorBody('SHORTCUT_TAKEN'));
      try {
        await ports.changePreferences(change);
        return done;
      } catch {
        // The change holds for this run; only a full or read-only disk keeps it from the next one.
        return err(errorBody('DISK_FULL'));
      }
    },
    ...networkIntentHandlers(ports.network),
    ...diagnosticsIntentHandlers(ports.diagnostics),
    'storage.files': async () => ok(await measureFiles(app.getPath('userData'))),
    'app.openExternal': async ({ url }) => {
      const link = externalLink(url);
      if (link === undefined) return err(errorBody('BAD_REQUEST', { detail: 'url: scheme not allowed' }));
      await shell.openExternal(link);
      return done;
    },
    'app.saveText': async ({ fileName, text }) => {
      const saved = await saveTextFile(fileName, text);
      return saved.ok ? ok({ saved: saved.value }) : saved;
    },
    'app.copyText': async ({ text }) => {
      await clipboard.writeText(text);
      return done;
    },
    'app.notices': async () => {
      // The build writes it beside the bundles.
      const file = path.join(app.getAppPath(), 'out/THIRD-PARTY-NOTICES.txt');
      return ok({ text: await readFile(file, 'utf8') });
    },
    'update.check': async () => {
      await ports.checkForUpdates();
      return done;
    },
    'update.restart': () => {
      ports.restartToUpdate();
      return Promise.resolve(done);
    },
    'notification.test': async () => ok(await ports.testNotification()),
    'window.control': ({ action }, windowId) => {
      if (action === 'quit') ports.quit();
      else control(ports.findWindow(windowId), action);
      return Promise.resolve(done);
    },
  };
}

type WindowAction = Exclude<IntentRequest<'window.control'>['action'], 'quit'>;

function control(window: BrowserWindow | undefined, action: WindowAction): void {
  if (!window) return;
  switch (action) {
    case 'minimize':
      return window.minimize();
    case 'maximize':
      return window.isMaximized() ? window.unmaximize() : window.maximize();
    case 'close':
      return window.close();
    case 'zoomIn':
      return zoom(window, 'in');
    case 'zoomOut':
      return zoom(window, 'out');
    case 'zoomReset':
      return zoom(window, 'reset');
    default:
      return assertNever(action, 'window action');
  }
}
