/**
 * The app outside its window, on a desktop whose services speak real D-Bus: notifications, their privacy, what a click
 * does, the tray icon, and what closing the window means.
 */
import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import type { Preferences } from '../desktop/src/ipc/views.ts';
import type { DesktopApp } from './support/app.ts';
import { launchApp, makeProfile, removeProfile } from './support/app.ts';
import type { DesktopServices } from './support/desktop-services.ts';
import { startDesktopServices } from './support/desktop-services.ts';
import { until } from './support/gestures.ts';
import type { TestPerson } from './support/people.ts';
import { registerPeople } from './support/people.ts';
import type { ServerProcess } from './support/server-process.ts';
import { startServer } from './support/server-process.ts';

let services: DesktopServices;
const profiles: string[] = [];

/** Launches an app and waits until its window shows, since a hidden one is what these tests are about. */
async function launch(server?: ServerProcess, person?: TestPerson): Promise<DesktopApp> {
  const profileDir = await makeProfile();
  profiles.push(profileDir);
  const app = await launchApp({ profileDir, ...(server && person ? { serverUrl: server.url, person } : {}) });
  await until('the window shows', () => isVisible(app), Boolean);
  return app;
}

const isVisible = (app: DesktopApp) =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
const hide = (app: DesktopApp) =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
const pressClose = (app: DesktopApp) =>
  app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
const setPreferences = (app: DesktopApp, change: Partial<Preferences>) =>
  app.page.evaluate((wanted) => window.curlew.invoke('preferences.set', wanted), change);

/** Opens the conversation with a person, as soon as the app is signed in and knows them. */
async function openConversation(app: DesktopApp, userId: string): Promise<string> {
  const opened = await until(
    'the conversation opens',
    () =>
      app.page.evaluate((peer) => window.curlew.invoke('conversation.openDirect', { userId: peer }), userId),
    ({ ok }) => ok,
    20_000,
  );
  return opened.ok ? opened.value.conversationId : '';
}

beforeAll(async () => {
  services = await startDesktopServices();
});
afterAll(async () => {
  services.stop();
  await Promise.all(profiles.map(removeProfile));
});

describe('closing the window', () => {
  let app: DesktopApp;
  beforeEach(async () => {
    app = await launch();
  });
  afterEach(() => app.close());

  it('hides it where a panel shows the tray icon, says so once, and a second start brings it back', async () => {
    services.setTrayHost(true);
    await pressClose(app);
    await expect.poll(() => isVisible(app)).toBe(false);
    await expect.poll(() => services.trayItems.length).toBeGreaterThan(0);
    const explained = () =>
      services.notifications.filter(({ body }) => body.includes('keeps running')).length;
    await expect.poll(explained).toBe(1);
    await app.electron.evaluate((electron) => electron.app.emit('second-instance', {}, [], ''));
    await expect.poll(() => isVisible(app)).toBe(true);
    await pressClose(app);
    await expect.poll(() => isVisible(app)).toBe(false);
    expect(explained()).toBe(1);
  });

  it('never hides it where nothing would bring it back', async () => {
    services.setTrayHost(false);
    await pressClose(app);
    // With a window manager it is minimised; without one nothing can be, and it stays.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const isMinimized = await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.isMinimized(),
    );
    expect(isMinimized === true || (await isVisible(app))).toBe(true);
  });

  it('quits when the person chose so', async () => {
    await setPreferences(app, { closeToTray: false });
    const gone = new Promise((resolve) => app.electron.process().once('exit', resolve));
    await pressClose(app);
    expect(await gone).toBe(0);
  });
});

/** A key as the display tells it: Playwright's go to the page alone. */
const press = (key: string): void => {
  spawnSync('xdotool', ['key', key]);
};

describe('keys of the app', () => {
  it('zoom the window, and quit', async (ctx) => {
    if (spawnSync('which', ['xdotool']).status !== 0) ctx.skip('xdotool is not installed');
    const app = await launch();
    const zoomLevel = () =>
      app.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.getZoomLevel(),
      );
    await until(
      'the window has the focus',
      () => app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isFocused()),
      Boolean,
    );
    for (const [key, level] of [
      ['ctrl+equal', 0.5],
      ['ctrl+plus', 1],
      ['ctrl+minus', 0.5],
      ['ctrl+0', 0],
    ] as const) {
      press(key);
      await expect.poll(zoomLevel).toBe(level);
    }
    const gone = new Promise((resolve) => app.electron.process().once('exit', resolve));
    press('ctrl+q');
    expect(await gone).toBe(0);
  });
});

describe('notifications', () => {
  let server: ServerProcess;
  let maya: DesktopApp;
  let kofi: DesktopApp;
  let conversationId: string;

  beforeAll(async () => {
    services.setTrayHost(true);
    server = await startServer();
    const people = await registerPeople(server, ['Maya', 'Kofi']);
    const [first, second] = people;
    maya = await launch(server, first);
    kofi = await launch(server, second);
    conversationId = await openConversation(kofi, must(first, 'Maya').userId);
  });
  afterAll(async () => {
    await maya.close();
    await kofi.close();
    await server.dispose();
  });

  it('come beside keys that show the window from any program; who asks for those second is told', async (ctx) => {
    if (spawnSync('which', ['xdotool']).status !== 0) ctx.skip('xdotool is not installed');
    expect(await setPreferences(kofi, { showShortcut: true })).toMatchObject({ ok: true });
    expect(await setPreferences(maya, { showShortcut: true })).toMatchObject({
      ok: false,
      error: { code: 'SHORTCUT_TAKEN' },
    });
    await hide(kofi);
    press('ctrl+shift+space');
    await expect.poll(() => isVisible(kofi)).toBe(true);
    expect(await setPreferences(kofi, { showShortcut: false })).toMatchObject({ ok: true });
    await hide(kofi);
    press('ctrl+shift+space');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await isVisible(kofi)).toBe(false);
    await kofi.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.show());
  });

  const say = (text: string) =>
    kofi.page.evaluate((request) => window.curlew.invoke('message.send', { ...request, replyTo: null }), {
      conversationId,
      text,
    });
  const shown = () => services.notifications.filter(({ body }) => !body.includes('keeps running'));

  it('tell about a message while the window is away, replace each other, and lead to it without taking the focus', async () => {
    await hide(maya);
    await say('Is the east entrance reader working again?');
    await expect
      .poll(() => shown().map(({ title, body }) => [title, body]), { timeout: 10_000 })
      .toEqual([['Kofi', 'Is the east entrance reader working again?']]);
    await say('It is.');
    await expect.poll(() => shown().map(({ body }) => body)).toEqual(['It is.\nand 1 more message']);
    services.click(must(shown()[0], 'one notification is shown'));
    await expect.poll(() => isVisible(maya)).toBe(true);
    await maya.page.getByText('It is.').last().waitFor();
    expect(await maya.page.evaluate(() => document.activeElement?.tagName)).not.toBe('TEXTAREA');
  });

  it('show what was written as it was written, on a daemon that reads markup', async () => {
    await hide(maya);
    await maya.page.evaluate((request) => window.curlew.invoke('conversation.markRead', request), {
      conversationId,
    });
    await expect.poll(() => shown(), { timeout: 10_000 }).toEqual([]);
    await say('1 < 2 & <a href="https://example.org">so</a>');
    await expect
      .poll(() => shown().map(({ body }) => body))
      .toEqual(['1 &lt; 2 &amp; &lt;a href="https://example.org"&gt;so&lt;/a&gt;']);
    await maya.page.evaluate((request) => window.curlew.invoke('conversation.markRead', request), {
      conversationId,
    });
    await expect.poll(() => shown(), { timeout: 10_000 }).toEqual([]);
  });

  it('are taken back once the conversation was read elsewhere in the app', async () => {
    await hide(maya);
    await say('And the west one?');
    await expect.poll(() => shown().length, { timeout: 10_000 }).toBe(1);
    const read = await maya.page.evaluate(
      (request) => window.curlew.invoke('conversation.markRead', request),
      { conversationId },
    );
    expect(read).toMatchObject({ ok: true });
    await expect.poll(() => shown(), { timeout: 10_000 }).toEqual([]);
  });

  it('are answered in them once, however often the text is handed over, and what they answer is read', async () => {
    await services.setInlineReply(true);
    await hide(maya);
    await say('Is it fixed?');
    await expect.poll(() => shown().length, { timeout: 10_000 }).toBe(1);
    const notification = must(shown()[0], 'one is shown');
    expect(notification.actions).toEqual([
      ...['default', 'Open'],
      ...['inline-reply', 'Reply'],
      ...['mark-read', 'Mark as read'],
      ...['mute-hour', 'Mute 1 h'],
    ]);
    services.reply(notification, 'Yes, fixed at 10:20');
    services.reply(notification, 'Yes, fixed at 10:20');
    await expect.poll(() => shown(), { timeout: 10_000 }).toEqual([]);
    const said = () =>
      kofi.page.evaluate(async (id) => {
        const at = { kind: 'end' } as const;
        const view = await window.curlew.openView('timeline', { conversationId: id, at, limit: 50 });
        if (!view.ok) return [];
        window.curlew.closeView(view.value.viewId);
        return Object.values(view.value.state.rows).flatMap((row) =>
          row.kind === 'message' ? [row.text] : [],
        );
      }, conversationId);
    const replies = async () => (await said()).filter((text) => text === 'Yes, fixed at 10:20').length;
    await expect.poll(replies, { timeout: 10_000 }).toBe(1);
    await say('Thanks');
    await expect.poll(() => shown().map(({ body }) => body), { timeout: 10_000 }).toEqual(['Thanks']);
    expect(await replies()).toBe(1);
    expect(await isVisible(maya)).toBe(false);
  });

  it('have buttons: read, mute, and reply where nothing can be written in them', async () => {
    services.press(must(shown()[0], 'one is shown'), 'mark-read');
    await expect.poll(() => shown(), { timeout: 10_000 }).toEqual([]);
    await services.setInlineReply(false);
    await say('One more thing');
    await expect.poll(() => shown().length, { timeout: 10_000 }).toBe(1);
    const asked = must(shown()[0], 'one is shown');
    expect(asked.actions).toContain('reply');
    services.press(asked, 'reply');
    await expect.poll(() => isVisible(maya), { timeout: 10_000 }).toBe(true);
    await expect
      .poll(() => maya.page.evaluate(() => document.activeElement?.tagName), { timeout: 10_000 })
      .toBe('TEXTAREA');
    await hide(maya);
    await maya.page.evaluate((request) => window.curlew.invoke('conversation.markRead', request), {
      conversationId,
    });
    await say('And another');
    await expect.poll(() => shown().length, { timeout: 10_000 }).toBe(1);
    services.press(must(shown()[0], 'one is shown'), 'mute-hour');
    await expect.poll(() => shown(), { timeout: 10_000 }).toEqual([]);
    const muted = await say('not heard');
    const why = () =>
      maya.page.evaluate(
        (messageId) => window.curlew.invoke('notification.why', { messageId }),
        muted.ok ? muted.value.messageId : '',
      );
    await expect.poll(why, { timeout: 10_000 }).toMatchObject({ value: { why: { outcome: 'muted' } } });
    expect(shown()).toEqual([]);
    await maya.page.evaluate((request) => window.curlew.invoke('conversation.mute', request), {
      conversationId,
      on: false,
      untilMs: null,
    });
    await maya.page.evaluate((request) => window.curlew.invoke('conversation.markRead', request), {
      conversationId,
    });
  });

  it('show at most the name on a locked screen, and no text where the person wants none', async () => {
    await hide(maya);
    services.lockScreen(true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await say('a secret plan');
    await expect
      .poll(() => shown().map(({ title, body }) => [title, body]))
      .toEqual([['Kofi', 'New message']]);
    services.lockScreen(false);
    await maya.page.evaluate((request) => window.curlew.invoke('conversation.markRead', request), {
      conversationId,
    });
    await expect.poll(() => shown(), { timeout: 10_000 }).toEqual([]);
    await setPreferences(maya, { notificationPreview: 'none' });
    await hide(maya);
    await say('another secret plan');
    await expect
      .poll(() => shown().map(({ title, body }) => [title, body]))
      .toEqual([['Curlew', 'You have new messages']]);
    await setPreferences(maya, { notificationPreview: 'full' });
  });
});
