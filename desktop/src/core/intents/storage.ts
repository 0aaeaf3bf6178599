/** Intents of the storage page. Owns how much is counted at a time, and that clearing takes the cache and nothing else. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ok } from '@curlew/shared/lib/result.ts';
import type { AccountRuntime } from '../account-runtime.ts';
import type { Core } from '../core.ts';
import { accountDir } from '../session/account-registry.ts';
import type { Sqlite } from '../store/sqlite.ts';
import { done, onAccount } from './intent-types.ts';

/** Rows counted at a time: about five milliseconds. */
const STEP_ROWS = 1_000;
/** What a message takes beside its texts: ids, times, places in the indexes. Measured on a cache of 100,000 messages. */
const ROW_BYTES = 260;

/** The statements, named so that a test can ask SQLite for their plans. */
export const storageSql = {
  last: 'SELECT n FROM message ORDER BY n DESC LIMIT 1',
  next: 'SELECT n FROM message WHERE n > ? ORDER BY n LIMIT 1 OFFSET ?',
  count: `SELECT conversation_id AS conversationId, count(*) AS messages,
      sum(${ROW_BYTES} + coalesce(octet_length(text), 0) + octet_length(mentions) + octet_length(extras)
        + octet_length(reactions) + coalesce(octet_length(notices), 0)) AS bytes
    FROM message WHERE n > ? AND n <= ? GROUP BY conversation_id`,
} as const;

interface Counted {
  readonly conversationId: string;
  readonly messages: number;
  readonly bytes: number;
}

/** Counts one step of a cache. */
export function countStep(
  db: Sqlite,
  after: number,
  rows = STEP_ROWS,
): { readonly next: number | null; readonly done: number; readonly total: number; readonly rows: Counted[] } {
  const total = db.prepare<[], { n: number }>(storageSql.last).get()?.n ?? 0;
  const to = db.prepare<[number, number], { n: number }>(storageSql.next).get(after, rows - 1)?.n ?? total;
  const counted = db.prepare<[number, number], Counted>(storageSql.count).all(after, to);
  return { next: to >= total ? null : to, done: Math.min(to, total), total, rows: counted };
}

/** `storage.step` */
export const stepStorage = onAccount<'storage.step'>((account, { after }) => {
  const step = countStep(account.stores.cacheDb, after);
  const rows = step.rows.map((row) => ({
    ...row,
    title: account.queries.conversationName(row.conversationId),
  }));
  return ok({ ...step, rows });
});

/** `storage.clear` */
export const clearStorage = onAccount<'storage.clear'>((account, _request, { core }) => {
  clearCache(core, account);
  return done;
});

/**
 * Closes the account, removes its cache and opens it again. The sign-in goes on as it is, also one that is in memory
 * alone; whatever the server has is fetched as on a first day.
 * @throws StoreError when the files cannot be opened again; nobody is shown as signed in then, until the next start
 */
function clearCache(core: Core, runtime: AccountRuntime): void {
  const { account, tokens, transport } = runtime;
  core.closeAccount();
  try {
    const dir = accountDir(core.config.dataDir, account.accountId);
    for (const file of ['cache.db', 'cache.db.old', 'search.db'])
      for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, `${file}${suffix}`), { force: true });
    core.log('info', 'cache.cleared');
    core.openAccount(account, { tokens, transport }).start();
  } catch (cause) {
    if (core.account === undefined) core.showNoAccount();
    throw cause;
  }
}
