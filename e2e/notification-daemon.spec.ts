/**
 * Notifications on a daemon that people really run: shown, clicked, taken back when they were read on another device,
 * kept quiet, and told once of everything that was missed. The daemon's own log and count are the evidence.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import type { DesktopApp } from './support/app.ts';
import { launchApp, makeProfile, removeProfile } from './support/app.ts';
import { hasDunst, startDunst, type Dunst } from './support/dunst.ts';
import { until } from './support/gestures.ts';
import { registerPeople, type TestPerson } from './support/people.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

/** A notification must be gone this long after its message was read elsewhere. */
const READ_ELSEWHERE_MS = 2_000;

describe.skipIf(!hasDunst())('notifications on dunst', () => {
  let dunst: Dunst;
  let server: ServerProcess;
  let person: TestPerson;
  let maya: DesktopApp;
  let other: DesktopApp;
  let kofi: DesktopApp;
  let conversationId: string;
  const profiles: string[] = [];

  async function launch(
    who: TestPerson,
    profileDir?: string,
    args: readonly string[] = [],
  ): Promise<DesktopApp> {
    const folder = profileDir ?? (await makeProfile());
    if (!profileDir) profiles.push(folder);
    // The daemon's bus has no keyring.
    const env = { ...dunst.env, CURLEW_KEYRING: 'none' };
    return launchApp({ profileDir: folder, serverUrl: server.url, person: who, env, args });
  }
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
    maya = await launch(person);
    other = await launch(person);
    kofi = await launch(must(second, 'Kofi'));
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
    await server.dispose();
    await dunst.stop();
    await Promise.all(profiles.map(removeProfile));
  });

  it('are shown, and a click leads to the message', async () => {
    await hide(maya);
    const messageId = await say('Is the east entrance reader working again?');
    await expect.poll(() => dunst.displayed(), { timeout: 15_000 }).toBe(1);
    expect(dunst.log()).toContain('Is the east entrance reader working again?');
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
    maya = await launch(person, folder, ['--hidden']);
    await expect.poll(() => dunst.log(), { timeout: 20_000 }).toContain('10 new messages in 5 conversations');
    await expect.poll(() => dunst.displayed()).toBe(1);
    expect(dunst.log()).not.toContain('missed, but read on the other device');
  });
});
