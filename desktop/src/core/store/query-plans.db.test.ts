/** No statement of the store walks a whole table: SQLite's own plans say so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outboxSql } from '../outbox/op-rows.ts';
import { AccountFixture } from '../testing/account-fixture.ts';
import { readerSql } from './cache-reader.ts';
import type { Sqlite } from './sqlite.ts';

const account = new AccountFixture();
beforeAll(() => account.open());
afterAll(() => account.remove());

function planOf(db: Sqlite, sql: string): string {
  const bound = sql.split('?').length - 1;
  const rows = db
    .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...Array.from({ length: bound }, () => 1));
  return rows.map((row) => row.detail).join('\n');
}

/** Statements whose question is "everything", over tables that hold only what is unsent. */
const WHOLE_BY_MEANING = new Set(['all']);

describe('cache.db', () => {
  it.each(Object.entries(readerSql))('%s', (name, sql) => {
    const plan = planOf(account.stores.cacheDb, sql);
    if (name === 'logsBehind') expect(plan).toContain('USING INDEX log_behind');
    else expect(plan).not.toContain('SCAN');
    expect(plan).not.toContain('TEMP B-TREE');
  });

  it('finds what is written by its key', () => {
    const { cacheDb } = account.stores;
    for (const sql of [
      'SELECT 1 FROM message WHERE id = ?',
      'DELETE FROM message WHERE conversation_id = ? AND create_seq BETWEEN ? AND ?',
      'SELECT 1 FROM message WHERE conversation_id = ? AND create_seq <= ? ORDER BY create_seq DESC LIMIT 50',
      'SELECT user_id FROM member WHERE conversation_id = ?',
      'DELETE FROM entry WHERE log_id = ?',
    ]) {
      expect(planOf(cacheDb, sql)).not.toMatch(/SCAN|TEMP B-TREE/u);
    }
  });
});

describe('outbox.db', () => {
  it.each(Object.entries(outboxSql).filter(([name]) => !WHOLE_BY_MEANING.has(name)))('%s', (_name, sql) => {
    expect(planOf(account.stores.outboxDb, sql)).not.toContain('SCAN');
  });
});
