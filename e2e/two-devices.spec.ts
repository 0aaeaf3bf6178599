/** One person on two devices: what one does, the other shows. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import {
  composer,
  conversationId,
  conversationRow,
  message,
  openWith,
  readView,
  say,
  timeline,
  until,
} from './support/gestures.ts';
import { registerPeople } from './support/people.ts';
import { bothThemes, reportScreens } from './support/screen-check.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let laptop: DesktopApp;
let desk: DesktopApp;
let ben: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  const [first, second] = await registerPeople(server, ['Ada', 'Ben', 'Cleo']);
  if (!first || !second) throw new Error('three people were registered');
  laptop = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: first });
  desk = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: first });
  ben = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: second });
});

afterAll(async () => {
  await disposeApps(laptop, desk, ben);
  await server?.dispose();
});

async function unreadOf(app: DesktopApp, title: string): Promise<number | undefined> {
  const { rows } = await readView(app.page, 'conversations', { filter: 'all', offset: 0, limit: 200 });
  return rows.find((it) => it.title === title)?.unread;
}

async function listOrder(app: DesktopApp): Promise<[string, boolean][]> {
  const { rows } = await readView(app.page, 'conversations', { filter: 'all', offset: 0, limit: 200 });
  return rows.map((it) => [it.title, it.isPinned]);
}

test('read on one device clears the badge on the other', async () => {
  await openWith(ben.page, 'Ada');
  await say(ben.page, 'Ada', 'Unread on both');
  for (const app of [laptop, desk]) {
    await until(
      'one unread message',
      () => unreadOf(app, 'Ben'),
      (unread) => unread === 1,
    );
  }
  await laptop.focus();
  await conversationRow(laptop.page, 'Ben').click();
  await message(laptop.page, 'Unread on both').waitFor();
  await until(
    'the badge is cleared on the other device',
    () => unreadOf(desk, 'Ben'),
    (unread) => unread === 0,
  );
});

test('messages, edits, reactions, drafts, pins and the order of the list agree', async () => {
  await openWith(laptop.page, 'Cleo');
  await say(laptop.page, 'Cleo', 'Hello Cleo');
  await conversationRow(laptop.page, 'Ben').click();
  await say(laptop.page, 'Ben', 'From the laptop');
  await until(
    'the other device shows it',
    () => timeline(desk.page, 'Ben'),
    (rows) => rows.at(-1)?.text === 'From the laptop' && rows.at(-1)?.seq !== null,
  );
  const id = await conversationId(desk.page, 'Ben');
  const rows = await timeline(desk.page, 'Ben');
  const [first, own] = [rows.at(0)?.id ?? '', rows.at(-1)?.id ?? ''];
  await desk.page.evaluate(
    async ([conversation, theirs, mine]) => {
      await window.curlew.invoke('message.edit', {
        conversationId: conversation,
        messageId: mine,
        text: 'Edited at the desk',
      });
      await window.curlew.invoke('message.react', {
        conversationId: conversation,
        messageId: theirs,
        emoji: '🎉',
        on: true,
      });
      await window.curlew.invoke('conversation.pin', { conversationId: conversation, on: true });
    },
    [id, first, own] as const,
  );
  await conversationRow(desk.page, 'Ben').click();
  await composer(desk.page, 'Ben').fill('A draft from the desk');

  const picture = async (app: DesktopApp): Promise<string> => {
    const seen = await timeline(app.page, 'Ben');
    const { meta } = await readView(app.page, 'conversation', { conversationId: id });
    return JSON.stringify({
      rows: seen.map((it) => [it.id, it.seq, it.text, it.editedAtMs !== null, it.reactions]),
      draft: meta.draft?.text ?? null,
      list: await listOrder(app),
    });
  };
  const agreed = await until(
    'both devices agree',
    async () => ({ laptop: await picture(laptop), desk: await picture(desk) }),
    (seen) =>
      seen.laptop === seen.desk &&
      seen.desk.includes('Edited at the desk') &&
      seen.desk.includes('A draft from the desk') &&
      seen.desk.includes('🎉'),
    15_000,
  );
  expect((JSON.parse(agreed.desk) as { list: unknown[] }).list[0]).toEqual(['Ben', true]);
});

test('drafts of two devices that were both offline are kept; one is chosen, and what gave way comes back', async () => {
  const conversation = await conversationId(desk.page, 'Ben');
  const texts = { laptop: 'Written on the laptop meanwhile', desk: 'Half a sentence at the desk' };
  const meta = async (app: DesktopApp) =>
    (await readView(app.page, 'conversation', { conversationId: conversation })).meta;
  await server.kill9();
  await composer(laptop.page, 'Ben').fill(texts.laptop);
  await composer(desk.page, 'Ben').fill(texts.desk);
  for (const [app, text] of [
    [laptop, texts.laptop],
    [desk, texts.desk],
  ] as const) {
    await until(
      'the draft is kept offline',
      async () => (await meta(app)).draft?.text,
      (kept) => kept === text,
    );
  }
  server = await server.restart();
  const others = await until(
    'a device offers the draft of the other',
    async () => [(await meta(laptop)).otherDraft?.text, (await meta(desk)).otherDraft?.text],
    (seen) => seen.some((text) => text !== undefined),
    60_000,
  );
  const [asked, own, other] =
    others[0] === undefined ? [desk, texts.desk, texts.laptop] : [laptop, texts.laptop, texts.desk];
  await asked.page.getByText('Draft from another device').waitFor();
  await asked.page.getByRole('status').filter({ hasText: other }).waitFor();
  expect(await composer(asked.page, 'Ben').inputValue()).toBe(own);
  await bothThemes(asked.page, 'draft-of-two-devices');

  const field = composer(asked.page, 'Ben');
  const shows = (text: string) =>
    until(
      `the field shows “${text}”`,
      () => field.inputValue(),
      (seen) => seen === text,
    );
  await asked.page.getByRole('button', { name: 'Use the other draft' }).click();
  await shows(other);
  await asked.page.getByText('Your draft was put aside').waitFor();
  await asked.page.getByRole('button', { name: 'Undo' }).click();
  await shows(own);
  await field.fill('');
  await asked.page.getByRole('button', { name: 'Restore last draft' }).waitFor();
  await bothThemes(asked.page, 'draft-cleared');
  await asked.page.getByRole('button', { name: 'Restore last draft' }).click();
  await shows(own);
  expect(reportScreens('a11y-drafts')).toEqual([]);
}, 180_000);
