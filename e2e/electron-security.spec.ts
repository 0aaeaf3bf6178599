/**
 * Electron's security guide, item by item, against the running app. What a page is refused in the course of ordinary use
 * stands in `launch.spec.ts`; the fuses of the built program in `packaged.spec.ts`; the real sandbox of the installed
 * app, as an ordinary user, in `packaged-install.spec.ts`.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../desktop/package.json' with { type: 'json' };
import { launchApp, makeProfile, removeProfile, type DesktopApp } from './support/app.ts';

const OWN = 'curlew-app://app/index.html';
/** Every kind of place a page could be taken to: other servers, files of this computer, code, made-up documents. */
const FOREIGN = [
  'https://example.org/',
  'http://127.0.0.1:9/',
  'curlew-app://other/index.html',
  'curlew://item/1',
  'file:///etc/passwd',
  'javascript:globalThis.ranForeign=true',
  'data:text/html,<script>globalThis.ranForeign=true</script>',
  'view-source:curlew-app://app/index.html',
  'chrome://gpu',
  'devtools://devtools/bundled/inspector.html',
];

let app: DesktopApp;
let page: Page;

beforeAll(async () => {
  app = await launchApp({ profileDir: await makeProfile() });
  ({ page } = app);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
});
afterAll(async () => {
  await app?.close();
  if (app) await removeProfile(app.profileDir);
});

/** Gives a refused navigation the time an allowed one would have taken. */
async function settle(): Promise<void> {
  await page.waitForTimeout(150);
  expect(page.url()).toBe(OWN);
  expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  expect(await page.evaluate(() => Reflect.get(globalThis, 'ranForeign'))).toBeUndefined();
}

describe('what the window was made with', () => {
  it('2, 3, 4, 6, 8, 9, 10, 11: no Node, isolated, sandboxed, web security on, nothing experimental, no webview', async () => {
    const preferences = await app.electron.evaluate(({ webContents }) =>
      // Electron has it in every release and documents it in none.
      webContents.getAllWebContents().map((contents): Record<string, unknown> => {
        const read: unknown = Reflect.get(contents, 'getLastWebPreferences');
        return typeof read === 'function' ? (read.call(contents) as Record<string, unknown>) : {};
      }),
    );
    expect(preferences).toHaveLength(1);
    expect(preferences[0]).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
    for (const risky of [
      'nodeIntegrationInSubFrames',
      'nodeIntegrationInWorker',
      'webviewTag',
      'allowRunningInsecureContent',
      'experimentalFeatures',
      'enableBlinkFeatures',
      'navigateOnDragDrop',
      'plugins',
    ])
      expect({ [risky]: preferences[0]?.[risky] || undefined }).toEqual({ [risky]: undefined });
    expect(preferences[0]?.['webSecurity']).not.toBe(false);
    expect(await page.evaluate(() => typeof Reflect.get(document.createElement('webview'), 'loadURL'))).toBe(
      'undefined',
    );
  });

  it('1, 7, 18: its pages come from the app’s own scheme, under a policy without unsafe sources', async () => {
    const { url, policy } = await page.evaluate(async () => {
      // The page itself may connect to nothing, so what it was served with is asked of its navigation.
      const violation = new Promise<string>((done) => {
        document.addEventListener('securitypolicyviolation', (event) => done(event.originalPolicy), {
          once: true,
        });
      });
      await fetch('https://example.org/').catch(() => undefined);
      return { url: location.href, policy: await violation };
    });
    expect(url).toBe(OWN);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    const local = await page.evaluate(
      (file) =>
        fetch(file).then(
          () => 'answered',
          () => 'refused',
        ),
      pathToFileURL(join(import.meta.dirname, '../package.json')).href,
    );
    expect(local).toBe('refused');
  });

  it('16: the release of Electron the app is packaged with is one of those that are supported', async () => {
    const [major = 0] = manifest.devDependencies.electron.split('.').map(Number);
    expect(major).toBeGreaterThanOrEqual(45);
  });
});

describe('what a page is refused', () => {
  it.each(FOREIGN)('13: going to %s', async (url) => {
    await page.evaluate((target) => {
      for (const go of [
        () => location.assign(target),
        () => location.replace(target),
        () => {
          const link = document.createElement('a');
          link.href = target;
          document.body.append(link);
          link.click();
          link.remove();
        },
      ]) {
        try {
          go();
        } catch {
          // Some are refused by the page itself.
        }
      }
    }, url);
    await settle();
  });

  it.each(FOREIGN)('14: opening a window at %s', async (url) => {
    const opened = await page.evaluate((target) => {
      const link = document.createElement('a');
      link.href = target;
      link.target = '_blank';
      document.body.append(link);
      link.click();
      link.remove();
      try {
        return window.open(target) !== null;
      } catch {
        return false;
      }
    }, url);
    expect(opened).toBe(false);
    await settle();
  });

  it.each(FOREIGN)('12, 13: showing %s inside a page', async (url) => {
    const frames = await page.evaluate(async (target) => {
      const made = ['iframe', 'embed', 'object'].map((name) => {
        const element = document.createElement(name);
        element.setAttribute(name === 'object' ? 'data' : 'src', target);
        document.body.append(element);
        return element;
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      const bridges = made.map((element) => {
        try {
          return typeof Reflect.get(Reflect.get(element, 'contentWindow') ?? {}, 'curlew');
        } catch {
          return 'undefined';
        }
      });
      for (const element of made) element.remove();
      return bridges;
    }, url);
    expect(frames).toEqual(['undefined', 'undefined', 'undefined']);
    await settle();
  });

  it('13: leaving by a form, by a refresh, or by history', async () => {
    await page.evaluate(() => {
      const form = document.createElement('form');
      form.action = 'https://example.org/';
      form.method = 'post';
      document.body.append(form);
      form.submit();
      form.remove();
      const refresh = document.createElement('meta');
      refresh.httpEquiv = 'refresh';
      refresh.content = '0;url=https://example.org/';
      document.head.append(refresh);
      history.back();
    });
    await settle();
  });

  it('5: every permission', async () => {
    const answers = await page.evaluate(async () => {
      const refused = (ask: Promise<unknown>) =>
        ask.then(
          () => 'granted',
          () => 'refused',
        );
      const names = [
        'camera',
        'microphone',
        'geolocation',
        'notifications',
        'midi',
        'clipboard-read',
        'storage-access',
      ];
      const states = await Promise.all(
        names.map((name) =>
          navigator.permissions.query({ name: name as PermissionName }).then(
            ({ state }) => state,
            () => 'denied',
          ),
        ),
      );
      const asked = await Promise.all([
        refused(navigator.mediaDevices.getUserMedia({ audio: true })),
        refused(navigator.mediaDevices.getDisplayMedia({ video: true })),
        refused(navigator.clipboard.readText()),
        refused(new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, fail))),
      ]);
      return { granted: names.filter((_name, index) => states[index] === 'granted'), asked };
    });
    expect(answers.granted).toEqual([]);
    expect(answers.asked).toEqual(['refused', 'refused', 'refused', 'refused']);
  });

  it('downloading anything', async () => {
    const outcome = await app.electron.evaluate(async ({ BrowserWindow, session }) => {
      const asked = new Promise<boolean>((done) => {
        session.defaultSession.once('will-download', (event) => done(event.defaultPrevented));
      });
      BrowserWindow.getAllWindows()[0]?.webContents.downloadURL('data:application/octet-stream,virus');
      return await asked;
    });
    expect(outcome).toBe(true);
    await settle();
  });

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'curlew-app://app/index.html',
    'https://a:b@example.org/',
    '\\\\host\\share',
    'ms-msdt:/id',
  ])('15: opening %s outside', async (url) => {
    const answer = await page.evaluate(
      (target) => window.curlew.invoke('app.openExternal', { url: target }),
      url,
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
  });

  it('20: Electron’s own parts: the bridge takes names of the contract and plain data', async () => {
    const found = await page.evaluate(() => ({
      globals: ['require', 'process', 'electron', 'ipcRenderer', 'module', 'Buffer'].filter(
        (name) => name in globalThis,
      ),
      kinds: Object.values(window.curlew).map((part) => typeof part),
      isFrozen: (() => {
        try {
          Reflect.set(window.curlew, 'invoke', () => 'mine');
          return !String(window.curlew.invoke).includes('mine');
        } catch {
          return true;
        }
      })(),
    }));
    expect(found.globals).toEqual([]);
    expect(new Set(found.kinds)).toEqual(new Set(['object', 'function']));
    expect(found.isFrozen).toBe(true);
  });
});

describe('17: who may call the app', () => {
  it('is the top frame of its own window alone; a frame has no bridge to call it with, even where frames are given one', async () => {
    const answers: unknown = await app.electron.evaluate(async ({ app: electronApp, BrowserWindow }) => {
      const foreign = new BrowserWindow({
        show: false,
        webPreferences: {
          preload: `${electronApp.getAppPath()}/out/preload/index.cjs`,
          additionalArguments: ['--curlew-boot=%7B%7D'],
          // Only this way a frame has a bridge at all.
          nodeIntegrationInSubFrames: true,
        },
      });
      await foreign.loadURL('data:text/html,<title>foreign</title><iframe src="about:blank"></iframe>');
      const call = `window.curlew ? window.curlew.invoke('app.copyText', { text: 'x' }) : 'no bridge'`;
      const answered = await Promise.all(
        foreign.webContents.mainFrame.framesInSubtree.map(
          (frame) => frame.executeJavaScript(call) as Promise<unknown>,
        ),
      );
      foreign.destroy();
      return answered;
    });
    const refused = { ok: false, error: expect.objectContaining({ code: 'FORBIDDEN' }) as unknown };
    expect(answers).toEqual([refused, 'no bridge']);
  });
});

it('what was refused stands in the log, without addresses', async () => {
  const log = await readFile(join(app.profileDir, 'logs/curlew.log'), 'utf8');
  for (const event of [
    'lockdown.navigation',
    'lockdown.windowOpen',
    'lockdown.permission',
    'lockdown.download',
  ])
    expect(log).toContain(event);
  expect(log).not.toContain('example.org');
});
