/**
 * The network does not matter: both people write, edit, delete and react while the server is down, both apps die, and
 * everything is there at the next start; when the server returns both windows and the database agree.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { HistoryAnswer } from '@curlew/shared/protocol/sync.ts';
import { launchApp, makeProfile, removeProfile, type DesktopApp } from './support/app.ts';
import {
  composer,
  conversationId,
  conversationRow,
  message,
  openWith,
  say,
  timeline,
  until,
} from './support/gestures.ts';
import { callApi, registerPeople, type TestPerson } from './support/people.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let people: { ada: TestPerson; ben: TestPerson };
let apps: { ada: DesktopApp; ben: DesktopApp };

async function launchBoth(profiles: { ada: string; ben: string }, signIn: boolean): Promise<void> {
  const launch = (profileDir: string, person: TestPerson): Promise<DesktopApp> =>
    launchApp({ profileDir, serverUrl: server.url, ...(signIn ? { person } : {}) });
  apps = { ada: await launch(profiles.ada, people.ada), ben: await launch(profiles.ben, people.ben) };
}

beforeAll(async () => {
  server = await startServer();
  const [ada, ben] = await registerPeople(server, ['Ada', 'Ben']);
  if (!ada || !ben) throw new Error('two people were registered');
  people = { ada, ben };
  await launchBoth({ ada: await makeProfile(), ben: await makeProfile() }, true);
});

afterAll(async () => {
  for (const app of apps ? [apps.ada, apps.ben] : []) {
    await app.close();
    await removeProfile(app.profileDir);
  }
  await server?.dispose();
});

/** Writes 20 messages, edits the 3rd, deletes the 5th, reacts to an old one; all with the server down. */
async function writeOffline(app: DesktopApp, to: string, prefix: string, oldText: string): Promise<void> {
  const { page } = app;
  for (let n = 1; n <= 20; n += 1) await say(page, to, `${prefix} ${n}`);
  await until(
    '20 pending messages',
    () => timeline(page, to),
    (rows) => rows.filter((it) => it.text?.startsWith(`${prefix} `)).length === 20,
  );
  const id = await conversationId(page, to);
  const rows = await timeline(page, to);
  const find = (text: string): string => {
    const row = rows.find((it) => it.text === text);
    if (!row) throw new Error(`no message ${text}`);
    return row.id;
  };
  await page.evaluate(
    async ([conversation, third, fifth, old, text]) => {
      const results = [
        await window.curlew.invoke('message.edit', { conversationId: conversation, messageId: third, text }),
        await window.curlew.invoke('message.delete', {
          conversationId: conversation,
          messageId: fifth,
          forEveryone: true,
        }),
        await window.curlew.invoke('message.react', {
          conversationId: conversation,
          messageId: old,
          emoji: '👍',
          on: true,
        }),
      ];
      for (const result of results) if (!result.ok) throw new Error(result.error.code);
    },
    [id, find(`${prefix} 3`), find(`${prefix} 5`), find(oldText), `${prefix} 3 better`] as const,
  );
}

const expectedTexts = (prefix: string): string[] =>
  Array.from({ length: 20 }, (_, index) => index + 1)
    .filter((n) => n !== 5)
    .map((n) => (n === 3 ? `${prefix} 3 better` : `${prefix} ${n}`));

test('what was written offline survives kill −9 and meets on every side in one order', async () => {
  await openWith(apps.ada.page, 'Ben');
  await say(apps.ada.page, 'Ben', 'Old from Ada');
  await openWith(apps.ben.page, 'Ada');
  await message(apps.ben.page, 'Old from Ada').waitFor();
  await say(apps.ben.page, 'Ada', 'Old from Ben');
  await message(apps.ada.page, 'Old from Ben').waitFor();

  await server.kill9();
  await writeOffline(apps.ada, 'Ben', 'Ada wrote', 'Old from Ben');
  await writeOffline(apps.ben, 'Ada', 'Ben wrote', 'Old from Ada');
  await composer(apps.ada.page, 'Ben').fill('A draft of Ada');
  await new Promise((resolve) => setTimeout(resolve, 700));
  const profiles = { ada: apps.ada.profileDir, ben: apps.ben.profileDir };
  await Promise.all([apps.ada.kill9(), apps.ben.kill9()]);

  // The access token lived in the memory of the killed process, so this start has none at all.
  await launchBoth(profiles, false);
  await conversationRow(apps.ada.page, 'Ben').click();
  await message(apps.ada.page, 'Ada wrote 20').waitFor({ timeout: 5_000 });
  expect(await composer(apps.ada.page, 'Ben').inputValue()).toBe('A draft of Ada');
  const pending = await timeline(apps.ada.page, 'Ben');
  expect(pending.filter((it) => it.text?.startsWith('Ada wrote')).map((it) => it.text)).toEqual(
    expectedTexts('Ada wrote'),
  );
  expect(await apps.ada.page.getByRole('progressbar').count()).toBe(0);
  expect(await apps.ada.page.getByRole('button', { name: 'Sign in' }).count()).toBe(0);
  await conversationRow(apps.ben.page, 'Ada').click();

  server = await server.restart();
  for (const app of [apps.ada, apps.ben]) await app.focus();
  const settled = async (page: DesktopApp['page'], other: string): Promise<string> =>
    JSON.stringify(
      (await timeline(page, other)).map((it) => [
        it.id,
        it.seq,
        it.text,
        it.editedAtMs !== null,
        it.isDeleted,
        it.reactions.map((r) => [r.emoji, r.userIds]),
      ]),
    );
  await until(
    'both windows hold 40 committed messages, alike',
    async () => {
      const [atAda, atBen] = await Promise.all([
        settled(apps.ada.page, 'Ben'),
        settled(apps.ben.page, 'Ada'),
      ]);
      return { same: atAda === atBen, rows: JSON.parse(atAda) as [string, number | null, string][] };
    },
    ({ same, rows }) => same && rows.length === 40 && rows.every(([, seq]) => seq !== null),
    5_000,
  );

  const rows = await timeline(apps.ada.page, 'Ben');
  expect(new Set(rows.map((it) => it.id)).size).toBe(40);
  expect(rows.filter((it) => it.text?.startsWith('Ada wrote')).map((it) => it.text)).toEqual(
    expectedTexts('Ada wrote'),
  );
  expect(rows.filter((it) => it.text?.startsWith('Ben wrote')).map((it) => it.text)).toEqual(
    expectedTexts('Ben wrote'),
  );
  expect(rows.some((it) => it.editedAtMs !== null || it.isDeleted)).toBe(false);
  expect(rows.find((it) => it.text === 'Old from Ada')?.reactions).toHaveLength(1);

  const id = await conversationId(apps.ada.page, 'Ben');
  const page = await callApi<HistoryAnswer>(
    server.url,
    'GET',
    `/api/conversations/${id}/messages?limit=100`,
    {
      token: people.ada.session.accessToken,
    },
  );
  expect(page.messages.map((it) => [it.id, it.createSeq, it.text])).toEqual(
    rows.map((it) => [it.id, it.seq, it.text]),
  );
});

test('what the other read while I was away turns my ticks on reconnect', async () => {
  await say(apps.ada.page, 'Ben', 'Read me while I am away');
  await message(apps.ben.page, 'Read me while I am away').waitFor();
  const { profileDir } = apps.ada;
  await apps.ada.kill9();
  await apps.ben.focus();
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  apps.ada = await launchApp({ profileDir, serverUrl: server.url });
  await until(
    'the ticks are those of a read message',
    () => timeline(apps.ada.page, 'Ben'),
    (rows) => rows.find((it) => it.text === 'Read me while I am away')?.state === 'read',
  );
});
