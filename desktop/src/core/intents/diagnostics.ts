/** What the core says of itself for a report: numbers and codes, nothing a person wrote and nobody's name. */
import { statSync } from 'node:fs';
import { ok } from '@curlew/shared/lib/result.ts';
import type { CoreFacts } from '../../ipc/diagnostics.ts';
import type { AccountRuntime } from '../account-runtime.ts';
import { isHealthy, type Sqlite } from '../store/sqlite.ts';
import type { IntentHandler } from './intent-types.ts';

/** A check reads the whole file; one of this size takes about a tenth of a second. */
const CHECKED_BYTES = 32_000_000;
/** Tables whose rows say how much there is. */
const TABLES = [
  'log',
  'message',
  'conversation',
  'member',
  'entry',
  'receipt',
  'thread',
  'unknown_event',
] as const;

type AccountFacts = NonNullable<CoreFacts['account']>;

/** `diagnostics.facts` */
export const facts: IntentHandler<'diagnostics.facts'> = ({ core }) =>
  ok({
    accounts: core.registry.count(),
    account: core.account ? accountFacts(core.account, core.volatile.connection().state) : null,
  });

function accountFacts(runtime: AccountRuntime, connection: string): AccountFacts {
  const { account, stores, engine, tokens, search } = runtime;
  const { cacheDb, outboxDb } = stores;
  return {
    needsSignIn: account.needsSignIn,
    keyring: tokens.keyringState,
    connection,
    error: engine.lastError?.code ?? null,
    lastContactMs: runtime.lastContactMs,
    organizations: account.orgs.length,
    notices: stores.notices().map(({ kind }) => kind),
    cache: Object.fromEntries(
      TABLES.map((table) => [table, one(cacheDb, `SELECT count(*) AS n FROM ${table}`)]),
    ),
    behind: one(cacheDb, 'SELECT count(*) AS n FROM log WHERE head > tail'),
    unread: one(cacheDb, 'SELECT coalesce(sum(unread), 0) AS n FROM log'),
    outbox: by(outboxDb, 'SELECT state AS name, count(*) AS n FROM op GROUP BY state'),
    failures: by(outboxDb, 'SELECT code AS name, count(*) AS n FROM op WHERE code IS NOT NULL GROUP BY code'),
    drafts: one(outboxDb, `SELECT count(*) AS n FROM draft WHERE text <> ''`),
    isSearchIndexed: search.isIndexed(),
    health: { cache: healthOf(cacheDb), outbox: healthOf(outboxDb) },
  };
}

function one(db: Sqlite, sql: string): number {
  return db.prepare<[], { n: number }>(sql).get()?.n ?? 0;
}

function by(db: Sqlite, sql: string): Record<string, number> {
  const rows = db.prepare<[], { name: string; n: number }>(sql).all();
  return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
}

function healthOf(db: Sqlite): AccountFacts['health']['cache'] {
  const { size } = statSync(db.name, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size > CHECKED_BYTES) return 'skipped';
  return isHealthy(db) ? 'ok' : 'damaged';
}
