import { mkdtempSync, rmSync, truncateSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  expectOk,
  openWorld,
  deleteOp,
  editOp,
  reactOp,
  sendOp,
  setOp,
  submitOne,
  watermarkOp,
  type TestPerson,
  type World,
} from '../services/testing/world.ts';
import { createLogServices } from '../services/log-services.ts';
import { backup, restore } from '../infra/backup.ts';
import { migrate } from '../infra/migrations.ts';
import { openTestDatabase } from '../infra/testing/test-database.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'curlew-backup-'));
const file = path.join(folder, 'all.curlew');
let world: World;
let ann: TestPerson;
let ben: TestPerson;
let conversationId: string;

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann');
  ben = await world.colleague('Ben');
  conversationId = await world.direct(ann, ben);
  const { services } = world;
  const kept = sendOp(
    conversationId,
    'a text with "quotes", a \\ backslash, \n a line break, \u2028 \u2029 others and 🎉',
  );
  const gone = sendOp(conversationId, 'gone');
  await submitOne(services, ann, kept);
  await submitOne(services, ann, gone);
  for (let index = 0; index < 1_100; index += 1)
    void submitOne(services, ben, sendOp(conversationId, `text ${index}`));
  await submitOne(services, ben, reactOp(conversationId, kept.opId, '👍'));
  await submitOne(services, ann, editOp(conversationId, kept.opId, 'edited'));
  await submitOne(services, ann, deleteOp(conversationId, gone.opId));
  await submitOne(services, ben, watermarkOp('read.set', conversationId, 3));
  await submitOne(services, ann, setOp('account.set', ann.userId, `pin:${conversationId}`, { rank: 2 }));
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

test('what was backed up is there after a restore, in a new incarnation', async () => {
  const written = await backup(world.database.address, file);
  const target = await openTestDatabase({ isEmpty: true });
  try {
    expect((await restore(target.address, file)).rows).toBe(written.rows);
    const restored = createLogServices(target);
    const { services } = world;
    const state = async (from: typeof services, person: TestPerson) => ({
      log: await from.pull(person.userId, conversationId, { after: 0, limit: 1_000 }),
      history: await from.history(person.userId, conversationId, { limit: 100, before: 60 }),
      conversation: await from.conversation(person.userId, conversationId),
      receipts: await from.receipts(person.userId, conversationId),
      account: await from.logState(person.userId, person.userId),
      org: await from.logState(person.userId, world.orgId),
      heads: expectOk(await from.heads(person.userId, {})).logs,
    });
    expect(await state(restored, ann)).toEqual(await state(services, ann));
    expect(await state(restored, ben)).toEqual(await state(services, ben));
    expect(await restored.epoch()).not.toBe(await services.epoch());
    // A token of the old incarnation asks for everything.
    const { token } = expectOk(await services.heads(ann.userId, {}));
    expect(expectOk(await restored.heads(ann.userId, { token })).logs).not.toHaveLength(0);
    // Life goes on: the same op is known, a new one continues the chain.
    expect(await submitOne(restored, ann, sendOp(conversationId, 'after'))).toMatchObject({
      ok: true,
      duplicate: false,
    });
  } finally {
    await target.close();
  }
});

test('a restore is never cut off by a time-out: not while rows are loaded, not while statistics are made', async () => {
  await backup(world.database.address, file);
  const target = await openTestDatabase({ isEmpty: true });
  try {
    const client = await target.connect();
    await migrate(client);
    // PostgreSQL asks an index on an expression at every insert and at ANALYZE: it tells of the settings there.
    await client.query(`
      CREATE FUNCTION unhurried(id uuid) RETURNS uuid LANGUAGE plpgsql IMMUTABLE AS $$
      BEGIN
        IF current_setting('statement_timeout') <> '0' OR current_setting('lock_timeout') <> '0' THEN
          RAISE EXCEPTION 'a statement has only %', current_setting('statement_timeout');
        END IF;
        RETURN id;
      END $$;
      CREATE INDEX ON user_account (unhurried(id))`);
    await restore(target.address, file);
    expect((await target.readPool.query('SELECT 1 FROM user_account')).rowCount).toBe(2);
    await expect(client.query('ANALYZE user_account')).rejects.toThrow('a statement has only 30s');
  } finally {
    await target.close();
  }
});

test('restore refuses a database that is not empty', async () => {
  await backup(world.database.address, file);
  await expect(restore(world.database.address, file)).rejects.toThrow('not empty');
});

test('a damaged backup leaves nothing behind', async () => {
  await backup(world.database.address, file);
  const cut = path.join(folder, 'cut');
  await backup(world.database.address, cut);
  truncateSync(cut, Math.floor(statSync(cut).size / 2));
  const other = path.join(folder, 'other');
  writeFileSync(other, 'something else');
  const target = await openTestDatabase({ isEmpty: true });
  try {
    await expect(restore(target.address, cut)).rejects.toThrow();
    await expect(restore(target.address, other)).rejects.toThrow('not a backup');
    expect((await target.readPool.query('SELECT 1 FROM log')).rowCount).toBe(0);
    await restore(target.address, file);
    expect((await target.readPool.query('SELECT 1 FROM log')).rowCount).toBeGreaterThan(0);
  } finally {
    await target.close();
  }
});
