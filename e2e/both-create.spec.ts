/** Both start the same direct conversation offline: one conversation, all ten messages. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { disposeApps, launchApp, makeProfile, type DesktopApp } from './support/app.ts';
import {
  conversationId,
  conversationRow,
  openWith,
  readView,
  say,
  timeline,
  until,
} from './support/gestures.ts';
import { registerPeople } from './support/people.ts';
import { startServer, type ServerProcess } from './support/server-process.ts';

let server: ServerProcess;
let ada: DesktopApp;
let ben: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  const [first, second] = await registerPeople(server, ['Ada', 'Ben']);
  if (!first || !second) throw new Error('two people were registered');
  ada = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: first });
  ben = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: second });
  for (const [app, other] of [
    [ada, 'Ben'],
    [ben, 'Ada'],
  ] as const) {
    await until(
      'the directory is on this device',
      () => readView(app.page, 'people', { query: '', limit: 50 }),
      ({ rows }) => rows.some((it) => it.name === other),
    );
  }
});

afterAll(async () => {
  await disposeApps(ada, ben);
  await server?.dispose();
});

test('five messages each, composed offline, end in one conversation of ten', async () => {
  await server.kill9();
  for (const [app, other, self] of [
    [ada, 'Ben', 'Ada'],
    [ben, 'Ada', 'Ben'],
  ] as const) {
    await openWith(app.page, other);
    for (let n = 1; n <= 5; n += 1) await say(app.page, other, `${self} ${n}`);
    await until(
      'five pending messages',
      () => timeline(app.page, other),
      (rows) => rows.length === 5,
    );
  }
  expect(await conversationId(ada.page, 'Ben')).not.toBe(await conversationId(ben.page, 'Ada'));

  server = await server.restart();
  await ada.focus();
  await ben.focus();
  const seen = await until(
    'ten messages on both sides, alike',
    // At no moment is the conversation in no list.
    async () => ({ ada: await timeline(ada.page, 'Ben'), ben: await timeline(ben.page, 'Ada') }),
    (it) =>
      it.ada.length === 10 &&
      it.ada.every((row) => row.seq !== null) &&
      JSON.stringify(it.ada.map((row) => [row.id, row.seq])) ===
        JSON.stringify(it.ben.map((row) => [row.id, row.seq])),
    15_000,
  );
  for (const self of ['Ada', 'Ben']) {
    expect(seen.ada.map((it) => it.text).filter((text) => text?.startsWith(self))).toEqual(
      [1, 2, 3, 4, 5].map((n) => `${self} ${n}`),
    );
  }
  expect(await conversationId(ada.page, 'Ben')).toBe(await conversationId(ben.page, 'Ada'));
  for (const [app, other] of [
    [ada, 'Ben'],
    [ben, 'Ada'],
  ] as const) {
    expect(await conversationRow(app.page, other).count()).toBe(1);
  }
});
