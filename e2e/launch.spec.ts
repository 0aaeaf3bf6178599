/**
 * The app's shell: it starts, keeps profiles apart, remembers its looks, and its pages can do nothing they were not
 * given. No server runs here; a window must open without one.
 */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { DesktopApp } from './support/app.ts';
import { launchApp, makeProfile, removeProfile } from './support/app.ts';

const running: DesktopApp[] = [];
const profiles: string[] = [];

async function launch(profileDir?: string): Promise<DesktopApp> {
  const dir = profileDir ?? (await makeProfile());
  if (!profiles.includes(dir)) profiles.push(dir);
  const app = await launchApp({ profileDir: dir });
  running.push(app);
  return app;
}

async function close(app: DesktopApp): Promise<void> {
  running.splice(running.indexOf(app), 1);
  await app.close();
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
  await Promise.all(profiles.splice(0).map(removeProfile));
});

describe('starting', () => {
  it('opens a window each for two profiles, and both show sign-in', async () => {
    const apps = await Promise.all([launch(), launch()]);
    for (const { page, errors } of apps) {
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(page.url()).toBe('curlew-app://app/index.html');
      expect(errors).toEqual([]);
    }
  });

  it('comes to the front instead of starting twice on one profile', async () => {
    const first = await launch();
    await first.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
    const executable = await first.electron.evaluate(() => process.execPath);
    const second = spawnSync(
      executable,
      [
        'desktop',
        `--user-data-dir=${first.profileDir}`,
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ],
      { encoding: 'utf8', timeout: 20_000 },
    );
    expect(second.status).toBe(0);
    await expect
      .poll(() =>
        first.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()),
      )
      .toBe(true);
    expect(await first.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(
      1,
    );
  });

  it('opens in the saved theme, before anything is painted, where and how it was left', async () => {
    const before = await launch();
    await before.page.evaluate(() =>
      window.curlew.invoke('preferences.set', { theme: 'dark', contrast: 'high' }),
    );
    const bounds = { x: 120, y: 90, width: 900, height: 640 };
    const boundsOf = (app: DesktopApp) =>
      app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds());
    await before.electron.evaluate(({ BrowserWindow }, wanted) => {
      BrowserWindow.getAllWindows()[0]?.setBounds(wanted);
    }, bounds);
    // The display moves a window when it gets to it.
    await expect.poll(() => boundsOf(before)).toEqual(bounds);
    await close(before);
    const after = await launch(before.profileDir);
    expect(await after.page.evaluate(() => window.curlew.boot.preferences)).toMatchObject({
      theme: 'dark',
      contrast: 'high',
    });
    const background = await after.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getBackgroundColor(),
    );
    expect(background).toBe('#000000');
    await expect.poll(() => boundsOf(after)).toEqual(bounds);
  });

  it('says in About what it runs on', async () => {
    const { page, electron } = await launch();
    const versions = await electron.evaluate(() => process.versions);
    await expect
      .poll(async () => {
        const about = await page.evaluate(() => window.curlew.openView('about', {}));
        return about.ok ? about.value.state.meta : about.error;
      })
      .toMatchObject({
        version: '0.1.0',
        electron: versions['electron'],
        chrome: versions['chrome'],
        sqlite: expect.stringMatching(/^3\.\d+\.\d+$/),
        runtime: versions['electron']?.startsWith('33.') ? 'fallback' : 'declared',
      });
  });

  it('closes without leaving a torn file, and logs ids and codes only', async () => {
    const app = await launch();
    const secret = 'correct horse battery';
    const answer = await app.page.evaluate(
      (password) =>
        window.curlew.invoke('session.signIn', {
          serverUrl: 'http://127.0.0.1:9',
          email: 'maya@example.org',
          password,
        }),
      secret,
    );
    expect(answer.ok).toBe(false);
    await close(app);
    const log = await readFile(join(app.profileDir, 'logs/curlew.log'), 'utf8');
    expect(log).toContain('app.started');
    expect(log).not.toContain(secret);
    expect(log).not.toContain('maya@example.org');
    for (const name of ['profile.json', 'window.json']) {
      expect(JSON.parse(await readFile(join(app.profileDir, name), 'utf8'))).toBeTypeOf('object');
    }
  });
});

describe('reaching a server', () => {
  it('goes through the proxy Chromium would use, which Node by itself would not', async () => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    const address = proxy.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      const { electron, page } = await launch();
      await electron.evaluate(
        ({ session }, proxyRules) =>
          session.defaultSession.setProxy({ proxyRules, proxyBypassRules: '<-loopback>' }),
        `http=127.0.0.1:${port};https=127.0.0.1:${port}`,
      );
      const answer = await page.evaluate(() =>
        window.curlew.invoke('session.probe', { serverUrl: 'https://chat.example.org' }),
      );
      expect(answer.ok).toBe(false);
      expect(asked).toContain('chat.example.org:443');
    } finally {
      proxy.close();
    }
  });
});

describe('what a page cannot do', () => {
  it('reach Node, evaluate strings, or find more than the bridge', async () => {
    const { page } = await launch();
    const facts = await page.evaluate(async () => {
      // Playwright's own evaluation is exempt from the policy; what the page starts itself is not.
      const inline = document.createElement('script');
      inline.textContent = 'globalThis.ranInline = true';
      document.body.append(inline);
      // oxlint-disable-next-line typescript/no-implied-eval -- a string as code is what the policy must refuse
      setTimeout('globalThis.ranString = true');
      await new Promise((resolve) => setTimeout(resolve, 50));
      const seen = (name: string): string => typeof Reflect.get(globalThis, name);
      return {
        seen: ['process', 'require', 'ranInline', 'ranString'].map(seen),
        bridge: Object.keys(window.curlew).toSorted(),
      };
    });
    expect(facts).toEqual({
      seen: ['undefined', 'undefined', 'undefined', 'undefined'],
      bridge: ['boot', 'closeView', 'invoke', 'onCommand', 'onViewsChanged', 'openView'],
    });
  });

  it('open a window, go elsewhere, embed a page, or use the network', async () => {
    const { page, electron } = await launch();
    const blocked = await page.evaluate(async () => {
      const opened = window.open('https://example.org/');
      window.location.href = 'https://example.org/';
      const frame = document.createElement('iframe');
      frame.src = 'https://example.org/';
      document.body.append(frame);
      const fetched = await fetch('https://example.org/').then(
        () => 'answered',
        () => 'blocked',
      );
      return {
        opened: opened === null,
        fetched,
        frameBridge: typeof Reflect.get(frame.contentWindow ?? {}, 'curlew'),
      };
    });
    expect(blocked).toEqual({ opened: true, fetched: 'blocked', frameBridge: 'undefined' });
    expect(page.url()).toBe('curlew-app://app/index.html');
    expect(await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  it('lose its live views by trying to go elsewhere, while a reload does end them', async () => {
    const { page } = await launch();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const changes = () =>
      page.evaluate(async () => {
        const opened = await window.curlew.openView('preferences', {});
        const seen: number[] = [];
        window.curlew.onViewsChanged((changes) => seen.push(...changes.map(({ viewId }) => viewId)));
        window.location.href = 'https://example.org/';
        await new Promise((resolve) => setTimeout(resolve, 300));
        await window.curlew.invoke('preferences.set', { density: 'compact' });
        // Views change after the answer, one after another.
        await new Promise((resolve) => setTimeout(resolve, 500));
        return { own: opened.ok ? opened.value.viewId : 0, seen };
      });
    const first = await changes();
    expect(first.seen).toContain(first.own);
    await page.reload();
    const second = await changes();
    expect(second.seen).toContain(second.own);
    expect(second.seen).not.toContain(first.own);
  });

  it('get a permission', async () => {
    const { page } = await launch();
    const answers = await page.evaluate(async () => {
      const states = await Promise.all(
        (['notifications', 'geolocation'] as const).map((name) => navigator.permissions.query({ name })),
      );
      const camera = await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'granted',
        (error: unknown) => (error instanceof Error ? error.name : 'thrown'),
      );
      return { states: states.map(({ state }) => state), isGranted: camera === 'granted' };
    });
    expect(answers).toEqual({ states: ['denied', 'denied'], isGranted: false });
  });

  it('call the app from a page that is not the app’s', async () => {
    const { electron } = await launch();
    const answers: unknown = await electron.evaluate(async ({ app, BrowserWindow }) => {
      const foreign = new BrowserWindow({
        show: false,
        webPreferences: {
          preload: `${app.getAppPath()}/out/preload/index.cjs`,
          additionalArguments: ['--curlew-boot=%7B%7D'],
        },
      });
      await foreign.loadURL('data:text/html,<title>foreign</title>');
      const answered: unknown = await foreign.webContents.executeJavaScript(`Promise.all([
        window.curlew.openView('session', {}),
        window.curlew.invoke('app.copyText', { text: 'x' }),
        window.curlew.invoke('outbox.retryAll', {}),
      ])`);
      foreign.destroy();
      return answered;
    });
    const forbidden = { ok: false, error: expect.objectContaining({ code: 'FORBIDDEN' }) };
    expect(answers).toEqual([forbidden, forbidden, forbidden]);
  });

  it('send what the contract does not name', async () => {
    const { page } = await launch();
    const answers = await page.evaluate(() => {
      const call = window.curlew.invoke as (name: string, request: unknown) => Promise<unknown>;
      return Promise.all([call('shell.run', {}), call('outbox.retry', { opId: 1 }), call('__proto__', {})]);
    });
    const bad = { ok: false, error: expect.objectContaining({ code: 'BAD_REQUEST' }) };
    expect(answers).toEqual([bad, bad, bad]);
  });
});
