/** I3: what was acknowledged survives kill -9 of PostgreSQL; what was not is committed once when it is sent again. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EMPTY_CHAIN, nextChain } from '@curlew/shared/lib/chain.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../infra/embedded-postgres.ts';
import { openTestDatabase, type TestDatabase } from '../infra/testing/test-database.ts';
import { plantAckBeforeCommit } from '../repositories/testing/ack-before-commit.ts';
import { createLogServices } from './log-services.ts';
import type { LogServices } from './service-types.ts';
import { openWorld, sendOp, submitOne, type TestPerson, type World } from './testing/world.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'curlew-durability-'));
let postgres: EmbeddedPostgres;
let available = true;
let database: TestDatabase;
let world: World;

beforeAll(async () => {
  chmodSync(dataDir, 0o755);
  postgres = await startEmbeddedPostgres({ dataDir, onAvailable: (is) => void (available = is) });
  database = await openTestDatabase({ server: postgres.address });
  world = await openWorld(database);
  await world.colleague('Founder');
});
afterAll(async () => {
  await world.close();
  await postgres.stop();
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

interface Writer {
  readonly person: TestPerson;
  readonly conversationId: string;
  readonly acked: { readonly opId: string; readonly seq: number }[];
}

async function makeWriters(count: number): Promise<readonly Writer[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const person = await world.colleague('Writer');
      return {
        person,
        conversationId: await world.direct(person, await world.colleague('Reader')),
        acked: [],
      };
    }),
  );
}

/** Sends one after the other, each again with the same bytes until it is acknowledged. */
async function write(services: LogServices, writer: Writer, isDone: () => boolean): Promise<void> {
  while (!isDone()) {
    const op = sendOp(writer.conversationId);
    for (;;) {
      const result = await submitOne(services, writer.person, op);
      if (result.ok) {
        writer.acked.push({ opId: op.opId, seq: must(result.seq, 'a committed op has a position') });
        break;
      }
      expect(result.code).toBe('BUSY');
      await sleep(20);
    }
  }
}

async function killOnce(): Promise<void> {
  await sleep(60 + Math.random() * 120);
  const pid = must(postgres.pid(), 'it runs');
  available = false;
  process.kill(pid, 'SIGKILL');
  const killedMs = performance.now();
  while (!available) {
    expect(performance.now() - killedMs).toBeLessThan(5_000);
    await sleep(10);
  }
}

interface Loss {
  lost: number;
  doubled: number;
  reordered: number;
}

async function check(writers: readonly Writer[]): Promise<Loss> {
  const loss: Loss = { lost: 0, doubled: 0, reordered: 0 };
  for (const { conversationId, acked } of writers) {
    const { rows } = await database.readPool.query<{
      seq: number;
      opId: string;
      opHash: string;
      chain: string;
    }>(
      `SELECT seq, op_id AS "opId", encode(op_hash, 'hex') AS "opHash", encode(chain, 'hex') AS chain
       FROM event WHERE log_id = $1 ORDER BY seq`,
      [conversationId],
    );
    let chain = EMPTY_CHAIN;
    for (const row of rows) {
      chain = nextChain(chain, { logId: conversationId, ...row });
      expect(row.chain).toBe(chain);
    }
    const opIds = rows.map((row) => row.opId);
    loss.lost += acked.filter(({ opId, seq }) => rows[seq - 1]?.opId !== opId).length;
    loss.doubled += opIds.length - new Set(opIds).size;
    const order = acked.map(({ opId }) => opIds.indexOf(opId)).filter((index) => index >= 0);
    loss.reordered += order.filter(
      (index, position) => position > 0 && index < (order[position - 1] ?? 0),
    ).length;
  }
  return loss;
}

async function run(services: LogServices, kills: number): Promise<Loss & { acked: number }> {
  const writers = await makeWriters(8);
  let isDone = false;
  const work = Promise.all(writers.map((writer) => write(services, writer, () => isDone)));
  for (let kill = 0; kill < kills; kill += 1) await killOnce();
  isDone = true;
  await work;
  const acked = writers.reduce((sum, writer) => sum + writer.acked.length, 0);
  return { ...(await check(writers)), acked };
}

test('I3: 6 kills of PostgreSQL under 8 writers: nothing lost, doubled or out of order', async () => {
  const report = await run(world.services, 6);
  expect(report).toMatchObject({ lost: 0, doubled: 0, reordered: 0 });
  expect(report.acked).toBeGreaterThan(50);
}, 60_000);

test('I3 is guarded: an acknowledgement before the commit is caught', async () => {
  const planted = createLogServices({ ...database, writePool: plantAckBeforeCommit(database.writePool) });
  const report = await run(planted, 5);
  await planted.drain();
  expect(report.lost).toBeGreaterThan(0);
}, 60_000);
