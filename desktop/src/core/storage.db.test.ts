/** What takes space, and emptying the cache: what was written here and the sign-in stay, and the views come back the same. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { IntentAnswer } from '../ipc/intents.ts';
import { countStep, storageSql } from './intents/storage.ts';
import { nodeClock, nodeRandom } from './node-ports.ts';
import { openAccount } from './open-account.ts';
import { accountDir, AccountRegistry } from './session/account-registry.ts';
import type { AccountStores } from './store/store-types.ts';
import { CoreDriver, refusing } from './testing/core-driver.ts';
import { CONVERSATION, id, ME, ORG, PEER, SERVER_URL, TestLog } from './testing/logs.ts';
import type { Transport } from './transport/transport-types.ts';

const accountId = '00000000-0000-7000-8000-0000000000a2';
const group = id(0x77);
let dataDir = '';
let core: CoreDriver | undefined;

const folder = (): string => accountDir(dataDir, accountId);
const open = (): AccountStores =>
  openAccount({
    dir: folder(),
    serverUrl: SERVER_URL,
    userId: ME,
    clock: nodeClock,
    random: nodeRandom,
    log: () => undefined,
  });

/** What the server has, put where synchronisation would put it. */
function fetchAll(): void {
  const stores = open();
  const direct = new TestLog();
  direct.create();
  for (let at = 0; at < 30; at += 1) direct.say(`Number ${at}`);
  stores.ingest.applyEvents(direct.id, direct.events);
  const other = new TestLog(group);
  other.append('conversation:updated', {
    created: true,
    orgId: ORG,
    kind: 'group',
    protection: 'server',
    title: 'Door 4',
    members: [{ userId: ME, role: 'owner' }],
  });
  other.say(`${'ß'.repeat(1_000)} and more`);
  stores.ingest.applyEvents(other.id, other.events);
  stores.ingest.applyLogState(ORG, 'org', {
    asOf: 1,
    chain: '0123456789abcdef',
    entries: [{ key: `person:${PEER}`, value: { name: 'Ben' }, revSeq: 1 }],
  });
  stores.close();
}

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'curlew-storage-'));
  const who = { email: 'ada@example.org', name: 'Ada', orgs: [], needsSignIn: false };
  new AccountRegistry(dataDir, 0).putCurrent({
    ...who,
    accountId,
    serverUrl: SERVER_URL,
    userId: ME,
    deviceId: id(0xd),
  });
  fetchAll();
});
afterEach(() => {
  core?.stop();
  core = undefined;
  rmSync(dataDir, { recursive: true, force: true });
});

/** Everything in outbox.db. */
function outboxRows(): Record<string, unknown[]> {
  const db = new Database(join(folder(), 'outbox.db'));
  const tables = db
    .prepare<[], { name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`,
    )
    .all();
  const rows = Object.fromEntries(
    tables.map(({ name }) => [name, db.prepare(`SELECT * FROM ${name}`).all()]),
  );
  db.close();
  return rows;
}

/** What windows show of it. */
async function shown(driver: CoreDriver): Promise<unknown> {
  const list = await driver.view('conversations', { filter: 'all', offset: 0, limit: 50 });
  const timelines = await Promise.all(
    [CONVERSATION, group].map((conversationId) =>
      driver.view('timeline', { conversationId, at: { kind: 'end' }, limit: 50 }),
    ),
  );
  const headers = await Promise.all(
    [CONVERSATION, group].map((conversationId) => driver.view('conversation', { conversationId })),
  );
  return JSON.parse(JSON.stringify([list, timelines, headers]));
}

async function count(
  driver: CoreDriver,
): Promise<Map<string, { messages: number; bytes: number; title: string | null }>> {
  const found = new Map<string, { messages: number; bytes: number; title: string | null }>();
  for (let after: number | null = 0; after !== null;) {
    const step: Result<IntentAnswer<'storage.step'>, ErrorBody> = await driver.intent('storage.step', {
      after,
    });
    if (!step.ok) throw new Error(step.error.code);
    for (const { conversationId, title, messages, bytes } of step.value.rows) {
      const known = found.get(conversationId) ?? { messages: 0, bytes: 0 };
      found.set(conversationId, { title, messages: known.messages + messages, bytes: known.bytes + bytes });
    }
    after = step.value.next;
  }
  return found;
}

it('counts each conversation, with bytes and not letters', async () => {
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
  const found = await count(core);
  expect(found.get(CONVERSATION)).toMatchObject({ title: 'Ben', messages: 30 });
  expect(found.get(group)).toMatchObject({ title: 'Door 4', messages: 1 });
  expect(found.get(group)?.bytes).toBeGreaterThan(2_000);
  expect(found.get(group)?.bytes).toBeLessThan(4_000);
});

it('counts the same in any number of steps, and never the whole table at once', () => {
  const { cacheDb, close } = open();
  const sum = (rows: number): Record<string, number> => {
    const sums: Record<string, number> = {};
    let steps = 0;
    for (let after: number | null = 0; after !== null; steps += 1) {
      const step: ReturnType<typeof countStep> = countStep(cacheDb, after, rows);
      for (const row of step.rows) sums[row.conversationId] = (sums[row.conversationId] ?? 0) + row.bytes;
      after = step.next;
    }
    return { ...sums, steps };
  };
  const { steps: one, ...whole } = sum(1_000);
  const { steps: many, ...parts } = sum(7);
  expect(parts).toEqual(whole);
  expect([one, many]).toEqual([1, 5]);
  const plan = cacheDb
    .prepare<[number, number], { detail: string }>(`EXPLAIN QUERY PLAN ${storageSql.count}`)
    .all(0, 10);
  expect(plan[0]?.detail).toContain('SEARCH message USING INTEGER PRIMARY KEY');
  close();
});

it('clears the cache; outbox and drafts are byte for byte what they were, and the views come back the same', async () => {
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
  await core.intent('message.send', { conversationId: CONVERSATION, text: 'Waits', replyTo: null });
  const draft = { text: 'Half a thought', replyTo: null };
  expect(await core.intent('draft.save', { conversationId: group, draft })).toEqual(ok({}));
  const before = await shown(core);
  const session = await core.view('session', {});
  core.stop();
  const written = outboxRows();
  expect(written['draft']).toMatchObject([{ conversation_id: group, text: draft.text }]);
  const sizes = statSync(join(folder(), 'cache.db')).size;

  core = new CoreDriver(dataDir, refusing('OFFLINE'));
  expect(await core.intent('storage.clear', {})).toEqual(ok({}));
  expect((await core.view('session', {})).meta).toEqual(session.meta);
  expect(await count(core)).toEqual(new Map());
  expect(await core.texts(CONVERSATION)).toEqual(['Waits']);
  expect((await core.view('outbox', {})).order).toHaveLength(1);
  core.stop();
  expect(statSync(join(folder(), 'cache.db')).size).toBeLessThanOrEqual(sizes);
  expect(existsSync(join(folder(), 'cache.db.old'))).toBe(false);
  expect(outboxRows()).toEqual(written);

  fetchAll();
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
  expect(await shown(core)).toEqual(before);
  const also = { conversationId: CONVERSATION, text: 'Also', replyTo: null };
  expect((await core.intent('message.send', also)).ok).toBe(true);
});

it('goes on with a sign-in that is in memory alone', async () => {
  const used: (string | undefined)[] = [];
  const session = {
    userId: ME,
    deviceId: id(0xd),
    accessToken: 'access',
    expiresAtMs: 0,
    refreshToken: 'refresh',
  };
  const answers: Record<string, unknown> = {
    login: session,
    me: { id: ME, email: 'ada@example.org', name: 'Ada', orgs: [] },
  };
  const call = (name: string, _args: unknown, token?: string): Promise<Result<unknown, ErrorBody>> => {
    if (name === 'devices') used.push(token);
    return Promise.resolve(name in answers ? ok(answers[name]) : err(errorBody('OFFLINE')));
  };
  core = new CoreDriver(
    dataDir,
    { ...refusing('OFFLINE'), call: call as Transport['call'] },
    // No keyring.
    () => Promise.resolve(err(errorBody('KEYRING_MISSING'))),
  );
  await core.intent('session.signIn', {
    serverUrl: SERVER_URL,
    email: 'ada@example.org',
    password: 'secret',
  });
  await core.intent('session.keepForThisRun', {});
  expect((await core.view('session', {})).meta).toMatchObject({ keyring: 'thisRunOnly' });
  await core.intent('storage.clear', {});
  expect((await core.view('session', {})).meta).toMatchObject({ keyring: 'thisRunOnly', needsSignIn: false });
  await core.view('devices', {});
  await Promise.resolve();
  expect(used).toEqual(['access']);
});
