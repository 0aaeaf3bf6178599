/**
 * Notifications on a daemon that people really run: shown, clicked, taken back when they were read on another device,
 * kept quiet, and told once of everything that was missed. The daemon's own log and count are the evidence. Beside it
 * runs a panel that people really have: its tray shows the icon, in every state, and opens the menu.
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import type { DesktopApp } from './support/app.ts';
import { launchApp, makeProfile, removeProfile } from './support/app.ts';
import { hasDunst, startDunst, type Dunst } from './support/dunst.ts';
import { startFaultProxy, type FaultProxy } from './support/fault-proxy.ts';
import { until } from './support/gestures.ts';
import {
  countColour,
  missingForPanel,
  photograph,
  startPanel,
  type Area,
  type Panel,
  type Picture,
} from './support/panel.ts';
import { registerPeople, type TestPerson } from './support/people.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

/** A notification must be gone this long after its message was read elsewhere. */
const READ_ELSEWHERE_MS = 2_000;
/** What the tray's icon is painted with. */
const BLUE = [44, 144, 185] as const;
const RED = [196, 68, 60] as const;
const GREY = [125, 134, 140] as const;
const screenshots = resolve(import.meta.dirname, '../docs/screenshots');

describe.skipIf(!hasDunst())('notifications on dunst', () => {
  let dunst: Dunst;
  let panel: Panel | undefined;
  let proxy: FaultProxy;
  let server: ServerProcess;
  let person: TestPerson;
  let maya: DesktopApp;
  let other: DesktopApp;
  let kofi: DesktopApp;
  let conversationId: string;
  const profiles: string[] = [];

  async function launch(
    who: TestPerson,
    serverUrl: string,
    bus: Dunst['env'],
    profileDir?: string,
    args: readonly string[] = [],
  ): Promise<DesktopApp> {
    const folder = profileDir ?? (await makeProfile());
    if (!profileDir) profiles.push(folder);
    // The daemon's bus has no keyring.
    const env = { ...bus, CURLEW_KEYRING: 'none' };
    return launchApp({ profileDir: folder, serverUrl, person: who, env, args });
  }
  const launchMaya = (profileDir?: string, args?: readonly string[]) =>
    launch(person, `http://127.0.0.1:${proxy.port}`, dunst.env, profileDir, args);
  /** An app that shows nothing outside its window: only Maya's is looked at. */
  const launchApart = (who: TestPerson) =>
    launch(who, server.url, { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' });
  const hide = (app: DesktopApp) =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  const isVisible = (app: DesktopApp) =>
    app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
  const say = async (text: string, where = conversationId) => {
    const sent = await kofi.page.evaluate(
      (request) => window.curlew.invoke('message.send', { ...request, replyTo: null }),
      { conversationId: where, text },
    );
    return sent.ok ? sent.value.messageId : '';
  };
  const readAll = (app: DesktopApp) =>
    app.page.evaluate(() => window.curlew.invoke('conversation.markAllRead', {}));
  const why = (app: DesktopApp, messageId: string) =>
    app.page.evaluate(async (id) => {
      const answer = await window.curlew.invoke('notification.why', { messageId: id });
      return answer.ok ? (answer.value.why?.outcome ?? null) : answer.error.code;
    }, messageId);

  beforeAll(async () => {
    dunst = await startDunst();
    server = await startServer();
    const [first, second] = await registerPeople(server, ['Maya', 'Kofi']);
    person = must(first, 'Maya');
    proxy = await startFaultProxy({ targetPort: server.port, seed: 1 });
    maya = await launchMaya();
    other = await launchApart(person);
    kofi = await launchApart(must(second, 'Kofi'));
    for (const app of [other, kofi]) await hide(app);
    await other.page.evaluate(() => window.curlew.invoke('preferences.set', { notificationLevel: 'none' }));
    const opened = await until(
      'the conversation opens',
      () =>
        kofi.page.evaluate(
          (userId) => window.curlew.invoke('conversation.openDirect', { userId }),
          person.userId,
        ),
      ({ ok }) => ok,
      20_000,
    );
    conversationId = opened.ok ? opened.value.conversationId : '';
  });
  afterAll(async () => {
    for (const app of [maya, other, kofi]) await app.close();
    await proxy.close();
    await server.dispose();
    await panel?.stop();
    await dunst.stop();
    await Promise.all(profiles.map(removeProfile));
  });

  it('are shown, and a click leads to the message', async () => {
    await hide(maya);
    const messageId = await say('Is the east entrance reader working again?');
    await expect.poll(() => dunst.displayed(), { timeout: 15_000 }).toBe(1);
    await expect.poll(() => dunst.log()).toContain('Is the east entrance reader working again?');
    expect(await why(maya, messageId)).toBe('shown');
    dunst.click();
    await expect.poll(() => isVisible(maya), { timeout: 10_000 }).toBe(true);
    await maya.page.getByText('Is the east entrance reader working again?').last().waitFor();
    expect(await maya.page.evaluate(() => document.activeElement?.tagName)).not.toBe('TEXTAREA');
    await expect.poll(() => dunst.displayed()).toBe(0);
  });

  it('go within two seconds of being read on another device', async () => {
    await hide(maya);
    await say('And the west one?');
    await expect.poll(() => dunst.displayed(), { timeout: 15_000 }).toBe(1);
    // The other device must have it before it can read it.
    await until(
      'it arrives',
      () => readAll(other),
      (answer) => answer.ok && answer.value.marked.length > 0,
      15_000,
    );
    const readAt = performance.now();
    await expect.poll(() => dunst.displayed(), { timeout: 10_000, interval: 50 }).toBe(0);
    const tookMs = performance.now() - readAt;
    process.stdout.write(`gone ${Math.round(tookMs)} ms after it was read on another device\n`);
    expect(tookMs).toBeLessThan(READ_ELSEWHERE_MS);
  });

  it('do not come while not to be disturbed, and the message says why', async () => {
    const set = (status: { state: 'dnd'; untilMs: number } | null) =>
      maya.page.evaluate((value) => window.curlew.invoke('account.setStatus', { status: value }), status);
    await set({ state: 'dnd', untilMs: Date.now() + 3_600_000 });
    await hide(maya);
    const messageId = await say('a quiet word');
    await expect.poll(() => why(maya, messageId), { timeout: 15_000 }).toBe('dnd');
    expect(dunst.log()).not.toContain('a quiet word');
    expect(dunst.displayed()).toBe(0);
    await set(null);
    await readAll(maya);
  });

  describe('with a panel', () => {
    let idle: Picture;
    const keep = (name: string, { png }: Picture): void =>
      writeFileSync(join(screenshots, `desktop-${name}.png`), png);
    const running = (): Panel => must(panel, 'the panel runs');
    const icon = (): Promise<Picture> => photograph(maya, running().icon);
    const iconBecomes = (what: string, holds: (seen: Picture) => boolean): Promise<Picture> =>
      until(`the icon shows ${what}`, icon, holds, 10_000);
    const isIdle = (seen: Picture): boolean => seen.pixels.equals(idle.pixels);
    /** The corner of the display in which panel, menu and notifications are. */
    const corner = (): Area => {
      const { x, y, width } = running().area;
      return { x: x - 40, y, width: width + 40, height: 330 };
    };

    beforeEach((ctx) => {
      const missing = missingForPanel();
      if (missing.length > 0) ctx.skip(`not installed here: ${missing.join(', ')}`);
    });

    it('the icon is there, whichever came first, and again after the panel started anew', async () => {
      for (const app of [maya, other, kofi]) await hide(app);
      await readAll(maya);
      await expect.poll(() => dunst.displayed()).toBe(0);
      for (const _start of ['later than the app', 'anew']) {
        await panel?.stop();
        panel = await startPanel(dunst);
        idle = await iconBecomes('its picture', (seen) => countColour(seen, GREY) > 50);
      }
      keep('tray-idle', idle);
    });

    it('the icon tells what is unread, for how many, do not disturb and offline', async () => {
      await say('Is the depot open?');
      const forYou = await iconBecomes('one for you', (seen) => countColour(seen, BLUE) > 40);
      keep('tray-for-you', forYou);
      await expect.poll(() => dunst.displayed()).toBe(1);
      keep('notification', await photograph(maya, corner()));
      const mute = (on: boolean) =>
        maya.page.evaluate(
          (request) => window.curlew.invoke('conversation.mute', { ...request, untilMs: null }),
          { conversationId, on },
        );
      await mute(true);
      const unread = await iconBecomes(
        'a dot',
        (seen) => countColour(seen, BLUE) > 10 && countColour(seen, BLUE) < countColour(forYou, BLUE),
      );
      keep('tray-unread', unread);
      await mute(false);
      await readAll(maya);
      await iconBecomes('nothing', isIdle);
      const set = (status: { state: 'dnd'; untilMs: null } | null) =>
        maya.page.evaluate((value) => window.curlew.invoke('account.setStatus', { status: value }), status);
      await set({ state: 'dnd', untilMs: null });
      keep('tray-dnd', await iconBecomes('do not disturb', (seen) => countColour(seen, RED) > 40));
      await set(null);
      await iconBecomes('nothing', isIdle);
      proxy.cut();
      const offline = await iconBecomes('a line', (seen) => !isIdle(seen));
      expect(countColour(offline, BLUE) + countColour(offline, RED)).toBe(0);
      keep('tray-offline', offline);
      proxy.restore();
      await iconBecomes('nothing', isIdle);
    });

    it('a click hides and shows the window, and the menu leads to what is unread', async () => {
      running().press('left');
      await expect.poll(() => isVisible(maya)).toBe(true);
      running().press('left');
      await expect.poll(() => isVisible(maya)).toBe(false);
      await say('Is it open now?');
      await iconBecomes('one for you', (seen) => countColour(seen, BLUE) > 40);
      const closed = await photograph(maya, corner());
      running().press('right');
      const menu = await until(
        'the menu is open',
        () => photograph(maya, corner()),
        (seen) => !seen.pixels.equals(closed.pixels),
      );
      keep('tray-menu', menu);
      // Open Curlew, New message, then the first that is unread.
      running().keys('Down', 'Down', 'Down', 'Return');
      await expect.poll(() => isVisible(maya)).toBe(true);
      await maya.page.getByText('Is it open now?').last().waitFor();
      await readAll(maya);
      await iconBecomes('nothing', (seen) => countColour(seen, BLUE) === 0);
    });
  });

  it('tell once of everything that was missed, and nothing of what was read elsewhere', async () => {
    const folder = maya.profileDir;
    await maya.close();
    await say('missed, but read on the other device');
    await until(
      'it arrives',
      () => readAll(other),
      (answer) => answer.ok && answer.value.marked.length > 0,
      15_000,
    );
    for (const title of ['Depot', 'Lunch', 'North', 'South', 'Stores']) {
      const made = await kofi.page.evaluate(
        (request) => window.curlew.invoke('group.create', { ...request, history: 'all' }),
        { orgId: person.orgId, title, memberIds: [person.userId] },
      );
      if (made.ok) for (const text of ['one', 'two']) await say(text, made.value.conversationId);
    }
    await until(
      'all is sent',
      () =>
        other.page.evaluate(async () => {
          const view = await window.curlew.openView('conversations', {
            filter: 'unread',
            offset: 0,
            limit: 1,
          });
          return view.ok ? view.value.state.meta.total : 0;
        }),
      (total) => total === 5,
      20_000,
    );
    maya = await launchMaya(folder, ['--hidden']);
    await expect.poll(() => dunst.log(), { timeout: 20_000 }).toContain('10 new messages in 5 conversations');
    await expect.poll(() => dunst.displayed()).toBe(1);
    expect(dunst.log()).not.toContain('missed, but read on the other device');
  });
});
