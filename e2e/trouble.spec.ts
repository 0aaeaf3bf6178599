/**
 * Things that go wrong under a real window: a damaged cache, a damaged outbox, a server restored from a backup. Each ends
 * with every composed text intact and a sentence a person understands.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import { launchApp, makeProfile, removeProfile, type DesktopApp } from './support/app.ts';
import { conversationRow, expectState, message, openWith, say, timeline, until } from './support/gestures.ts';
import { registerPeople, type TestPerson } from './support/people.ts';
import { makeDataDir, startServer, type ServerProcess } from './support/server-process.ts';

const root = resolve(import.meta.dirname, '..');
let server: ServerProcess;
let ada: TestPerson;
let app: DesktopApp;

beforeAll(async () => {
  server = await startServer();
  ada = must((await registerPeople(server, ['Ada', 'Ben']))[0], 'Ada is first');
  app = await launchApp({ profileDir: await makeProfile(), serverUrl: server.url, person: ada });
  await openWith(app.page, 'Ben');
  await say(app.page, 'Ben', 'Written before the trouble');
  await expectState(app.page, 'Written before the trouble', 'Sent');
});

afterAll(async () => {
  await app?.close();
  if (app) await removeProfile(app.profileDir);
  await server?.dispose();
});

/** The files of the one account in the profile. */
function accountFile(name: string): string {
  const accounts = join(app.profileDir, 'accounts');
  return join(accounts, must(readdirSync(accounts)[0], 'one account is signed in'), name);
}

/** Overwrites the middle of a file, and removes what SQLite keeps beside it. */
function damage(file: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  const handle = openSync(file, 'r+');
  const { size } = statSync(file);
  const garbage = Buffer.alloc(4096, 0x5a);
  for (let at = 4096; at < size; at += 8192) writeSync(handle, garbage, 0, Math.min(4096, size - at), at);
  closeSync(handle);
}

/** Ruins every index of a database: it no longer passes its check, and no query of the app can be trusted. */
function damageIndexes(file: string): void {
  const db = new Database(file);
  db.pragma('wal_checkpoint(TRUNCATE)');
  const pageBytes = Number(db.pragma('page_size', { simple: true }));
  const indexes = db
    .prepare<[], { rootpage: number }>(`SELECT rootpage FROM sqlite_master WHERE type = 'index'`)
    .all();
  db.close();
  const handle = openSync(file, 'r+');
  for (const { rootpage } of indexes)
    writeSync(handle, Buffer.alloc(64, 0x5a), 0, 64, (rootpage - 1) * pageBytes);
  closeSync(handle);
}

async function startAgain(): Promise<void> {
  app = await launchApp({ profileDir: app.profileDir, serverUrl: server.url });
  await conversationRow(app.page, 'Ben').click();
}

test('a damaged cache is rebuilt from the server, and what waits stays', async () => {
  await server.stop();
  await say(app.page, 'Ben', 'Waits through a damaged cache');
  await message(app.page, 'Waits through a damaged cache').waitFor();
  await app.close();
  damage(accountFile('cache.db'));
  server = await server.restart();
  await startAgain();
  await app.page.getByText('Curlew repaired its local data.').waitFor();
  for (const text of ['Written before the trouble', 'Waits through a damaged cache']) {
    await expectState(app.page, text, 'Sent');
  }
});

test('a damaged outbox is salvaged, and the person is told', async () => {
  await server.stop();
  for (let n = 1; n <= 5; n += 1) await say(app.page, 'Ben', `Waits in a damaged outbox ${n}`);
  await message(app.page, 'Waits in a damaged outbox 5').waitFor();
  await app.close();
  damageIndexes(accountFile('outbox.db'));
  server = await server.restart();
  await startAgain();
  await app.page.getByText('The outbox file was damaged.').waitFor();
  await until(
    'the salvaged messages are sent, once and in order',
    () => timeline(app.page, 'Ben'),
    (rows) =>
      rows.filter((it) => it.text?.startsWith('Waits in a damaged outbox') && it.seq !== null).length === 5,
  );
  const texts = (await timeline(app.page, 'Ben'))
    .map((it) => it.text)
    .filter((text) => text?.includes('outbox'));
  expect(texts).toEqual([1, 2, 3, 4, 5].map((n) => `Waits in a damaged outbox ${n}`));
});

test('a server restored from a backup gets back what it lost', async () => {
  const backup = join(app.profileDir, 'server.backup');
  const command = (...args: string[]): void =>
    void execFileSync(process.execPath, ['server/src/index.ts', ...args], { cwd: root, stdio: 'ignore' });
  await server.stop();
  command('backup', backup, '--data-dir', server.dataDir);
  server = await server.restart();
  await say(app.page, 'Ben', 'Sent after the backup');
  await expectState(app.page, 'Sent after the backup', 'Sent', 20_000);
  const { port } = server;
  await server.dispose();

  const dataDir = await makeDataDir();
  command('restore', backup, '--data-dir', dataDir);
  server = await startServer({ port, dataDir });
  await app.page.getByText('The server was restored from a backup.').waitFor({ timeout: 30_000 });
  const rows = await until(
    'the lost message is on the server again, once',
    () => timeline(app.page, 'Ben'),
    (seen) => seen.filter((it) => it.text === 'Sent after the backup' && it.seq !== null).length === 1,
    30_000,
  );
  expect(new Set(rows.map((it) => it.id)).size).toBe(rows.length);
  expect(rows.filter((it) => it.text === 'Written before the trouble')).toHaveLength(1);
});
