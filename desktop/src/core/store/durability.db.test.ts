/**
 * Power loss, on files: outbox.db and its WAL are copied, the WAL is cut at every 512 bytes behind the last durable moment,
 * and the pair is opened again. Whatever was resolved must be there, and the rest a clean prefix. (kill -9 proves nothing
 * about fsync.)
 */
import { copyFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { AccountFixture } from '../testing/account-fixture.ts';
import { id, sendOp } from '../testing/logs.ts';
import { isHealthy, openSqlite } from './sqlite.ts';

const SECTOR_BYTES = 512;
const DURABLE = 5;
const LATER = 6;

const account = new AccountFixture();
afterAll(() => account.remove());

it('loses nothing that was resolved, wherever the log is cut', () => {
  const { outbox, outboxDb } = account.stores;
  expect(outboxDb.pragma('synchronous', { simple: true })).toBe(2);
  const compose = (n: number): void =>
    void outbox.enqueue(sendOp(id(100 + n), `text ${n}`), account.clock.nowMs());
  for (let n = 0; n < DURABLE; n += 1) compose(n);
  const wal = account.path('outbox.db-wal');
  const durableBytes = statSync(wal).size;
  for (let n = DURABLE; n < DURABLE + LATER; n += 1) compose(n);
  const walBytes = statSync(wal).size;
  expect(walBytes).toBeGreaterThan(durableBytes);
  const copy = account.path('cut.db');
  let cuts = 0;
  const found = new Set<number>();
  for (let at = durableBytes; at < walBytes + SECTOR_BYTES; at += SECTOR_BYTES) {
    const keep = Math.min(at, walBytes);
    copyFileSync(account.path('outbox.db'), copy);
    copyFileSync(wal, `${copy}-wal`);
    truncateSync(`${copy}-wal`, keep);
    const db = openSqlite(copy, { synchronous: 'FULL', isExclusive: true });
    expect(isHealthy(db)).toBe(true);
    const opIds = db.prepare<[], { opId: string }>('SELECT op_id AS opId FROM op ORDER BY n').all();
    db.close();
    rmSync(`${copy}-wal`, { force: true });
    expect(opIds.length).toBeGreaterThanOrEqual(DURABLE);
    expect(opIds).toEqual(opIds.map((_, n) => ({ opId: id(100 + n) })));
    found.add(opIds.length);
    cuts += 1;
  }
  expect(cuts).toBeGreaterThan(50);
  // Cuts that change nothing would prove nothing.
  expect(found.size).toBe(LATER + 1);
});
