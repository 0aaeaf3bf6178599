/** The write path reads the rows a batch names, however small the tables were when its plans were made. */
import { opHashOf } from '@curlew/shared/lib/chain.ts';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId, openWorld, type TestPerson, type World } from '../services/testing/world.ts';

let world: World;
let ann: TestPerson;
let client: PoolClient;
let logId: string;

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann');
  logId = await world.direct(ann, await world.colleague('Ben'));
  client = await world.database.writePool.connect();
});
afterAll(async () => {
  client.release();
  await world.close();
});

/** Tables that were read from end to end, by how often. */
async function scans(): Promise<Record<string, number>> {
  // What this connection counted so far is told now instead of within a second.
  await client.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await client.query<{ relname: string; seq_scan: number }>(
    'SELECT relname, seq_scan FROM pg_stat_user_tables WHERE schemaname = current_schema()',
  );
  return Object.fromEntries(rows.map(({ relname, seq_scan }) => [relname, seq_scan]));
}

async function send(): Promise<string> {
  const opId = newId();
  const { userId: actor, deviceId: device, fence } = ann;
  const body = { messageId: opId, text: 'text', replyTo: null, composedAt: 1 };
  const op = { i: 0, log: logId, actor, device, fence, op: opId, hash: opHashOf({ opId }), mv: 1, body };
  const { rows } = await client.query<{ code: string }>(
    'SELECT * FROM curlew_append($1, $2, $3, false, false)',
    [JSON.stringify([{ ...op, kind: 'message.send' }]), [logId], [device]],
  );
  return rows[0]?.code ?? 'none';
}

async function read(seq: number): Promise<string> {
  const { userId: user, deviceId: device, fence } = ann;
  const item = { i: 0, conversation: logId, user, device, fence, read: seq };
  const { rows } = await client.query<{ code: string }>('SELECT * FROM curlew_receipts($1, $2)', [
    JSON.stringify([item]),
    [device],
  ]);
  return rows[0]?.code ?? 'none';
}

test('a send scans no table, though the tables are tiny', async () => {
  const before = await scans();
  for (let count = 0; count < 8; count += 1) expect(await send()).toBe('OK');
  expect(await scans()).toEqual(before);
});

test('a receipt scans no table, though the tables are tiny', async () => {
  const before = await scans();
  for (let seq = 2; seq < 8; seq += 1) expect(await read(seq)).toBe('OK');
  expect(await scans()).toEqual(before);
});
