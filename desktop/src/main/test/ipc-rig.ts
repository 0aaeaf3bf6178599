/** The real IPC host and core host over the echo core, for the tests of both. */
import { FIRST_SLOT } from '../../ipc/account-slot.ts';
import type { ToCore } from '../../ipc/core-port.ts';
import { CoreHost } from '../core-host.ts';
import type { LocalIntentName, LocalIntents, Sender } from '../ipc-host.ts';
import { IpcHost } from '../ipc-host.ts';
import { LocalViews } from '../local-views.ts';
import { defaultPreferences } from '../preferences.ts';
import { AboutFacts } from '../about.ts';
import { APP_URL, isOwnUrl } from '../renderer-files.ts';
import { defaultNetworkMeta } from '../../ipc/network.ts';
import { noSpelling } from '../spelling/no-spelling.ts';
import { noUpdates } from '../updates/updates.ts';
import { createEchoCore } from './echo-core.ts';

/** The window all well-meant calls come from. */
export const ownSender: Sender = { windowId: 1, isTopFrame: true, url: APP_URL, account: FIRST_SLOT };

/** Everything behind the host, with what reached it. */
export function setUpIpc() {
  const reachedCore: ToCore[] = [];
  const reachedMain: LocalIntentName[] = [];
  const logged: string[] = [];
  let viewIds = 0;
  const nextViewId = (): number => {
    viewIds += 1;
    return viewIds;
  };
  const core = new CoreHost(
    {
      start(events) {
        const echo = createEchoCore((message) => queueMicrotask(() => events.onMessage(message)));
        return {
          post(message) {
            reachedCore.push(message);
            echo.receive(message);
          },
          terminate: () => Promise.resolve(),
        };
      },
      config: { dataDir: '/none', appVersion: '0', deviceName: 'test', defaultServerUrl: null },
      answerPort: () => Promise.reject(new Error('the echo core asks nothing')),
      toWindow: () => {},
      onFact: () => {},
      onCrash: () => {},
      after: () => () => {},
      nowMs: () => 0,
      log: () => {},
    },
    nextViewId,
  );
  core.start();
  const local = (name: LocalIntentName) => () => {
    reachedMain.push(name);
    return Promise.resolve({ ok: true, value: {} } as const);
  };
  const localIntents: LocalIntents = {
    'accounts.show': local('accounts.show'),
    'accounts.add': local('accounts.add'),
    'preferences.set': local('preferences.set'),
    'network.set': local('network.set'),
    'network.test': () => {
      reachedMain.push('network.test');
      return Promise.resolve({
        ok: true,
        value: { host: 'example.org', isDirect: true, tookMs: 1 },
      } as const);
    },
    'network.chooseAuthority': () => {
      reachedMain.push('network.chooseAuthority');
      return Promise.resolve({ ok: true, value: { outcome: 'nothing' } } as const);
    },
    'network.dropAuthority': local('network.dropAuthority'),
    'storage.files': () => {
      reachedMain.push('storage.files');
      const parts = { messages: 1, search: 1, outbox: 1, logs: 1, app: 1 };
      return Promise.resolve({ ok: true, value: { parts, freeBytes: null } } as const);
    },
    'diagnostics.make': () => {
      reachedMain.push('diagnostics.make');
      return Promise.resolve({ ok: true, value: { text: '{}' } } as const);
    },
    'diagnostics.save': () => {
      reachedMain.push('diagnostics.save');
      return Promise.resolve({ ok: true, value: { saved: true } } as const);
    },
    'app.openFolder': local('app.openFolder'),
    'app.openExternal': local('app.openExternal'),
    'app.saveText': () => {
      reachedMain.push('app.saveText');
      return Promise.resolve({ ok: true, value: { saved: true } } as const);
    },
    'app.copyText': local('app.copyText'),
    'app.notices': () => {
      reachedMain.push('app.notices');
      return Promise.resolve({ ok: true, value: { text: 'by others' } } as const);
    },
    'update.check': local('update.check'),
    'update.restart': local('update.restart'),
    'notification.test': () => {
      reachedMain.push('notification.test');
      return Promise.resolve({ ok: true, value: { isShown: true, system: null, hasTray: false } } as const);
    },
    'window.control': local('window.control'),
  };
  const noAccounts = { current: FIRST_SLOT, accounts: [] };
  const about = new AboutFacts('0.1.0', { electron: '33.2.1' }, () => {});
  const host = new IpcHost({
    isOwnUrl: (url) => isOwnUrl(url),
    coreOf: (account) => (account === FIRST_SLOT ? core : undefined),
    localIntents,
    localViews: new LocalViews(
      {
        preferences: defaultPreferences,
        about: about.meta,
        updates: noUpdates,
        accounts: noAccounts,
        network: defaultNetworkMeta,
        spelling: noSpelling,
      },
      nextViewId,
      () => {},
    ),
    log: (_level, event) => logged.push(event),
  });
  return { host, reachedCore, reachedMain, logged };
}
