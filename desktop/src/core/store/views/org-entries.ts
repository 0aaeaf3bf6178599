/**
 * An organisation's entries as this device wants them: what the organisation log says, with what was set here and is
 * not confirmed, or not cached, over it. What was refused or cancelled counts for nothing.
 */
import { orgEntrySchemas } from '@curlew/shared/domain/entries.ts';
import type { z } from 'zod';
import type { Sqlite } from '../sqlite.ts';
import type { OpState } from '../store-types.ts';
import { isEffective } from './overlay.ts';

type Schemas = typeof orgEntrySchemas;
/** Prefix of an organisation entry's key. */
export type OrgEntryPrefix = keyof Schemas;

/** A value, and whether the server still has to confirm it. */
export interface OrgEntry<Value> {
  readonly value: Value;
  readonly isPending: boolean;
}

/** The entries of one organisation at one moment. */
export interface OrgEntries {
  /** All entries of a prefix by id; removed and unreadable ones are left out. */
  all<P extends OrgEntryPrefix>(prefix: P): ReadonlyMap<string, OrgEntry<z.infer<Schemas[P]>>>;
}

interface SetColumns {
  readonly key: string | null;
  readonly value: string | null;
  readonly state: OpState;
}

/** Prepares the reads; the answer reads one organisation, each time anew. */
export function createOrgEntries(cacheDb: Sqlite, outboxDb: Sqlite): (orgId: string) => OrgEntries {
  const cached = cacheDb.prepare<[logId: string], { readonly key: string; readonly value: string }>(
    'SELECT key, value FROM entry WHERE log_id = ?',
  );
  const tail = cacheDb.prepare<[logId: string], { readonly tail: number }>(
    'SELECT tail FROM log WHERE id = ?',
  );
  const columns = `bytes ->> 'key' AS key, bytes -> 'value' AS value`;
  const sent = outboxDb.prepare<[lane: string, tail: number], SetColumns>(
    `SELECT ${columns}, 'APPLIED' AS state FROM sent WHERE lane = ? AND seq > ? AND json_valid(bytes) ORDER BY seq`,
  );
  const waiting = outboxDb.prepare<[lane: string], SetColumns>(
    `SELECT ${columns}, state FROM op WHERE lane = ? AND json_valid(bytes) ORDER BY n`,
  );
  return (orgId) => {
    const entries = new Map<string, OrgEntry<unknown>>();
    for (const { key, value } of cached.all(orgId)) {
      entries.set(key, { value: JSON.parse(value), isPending: false });
    }
    const sets = [...sent.all(orgId, tail.get(orgId)?.tail ?? 0), ...waiting.all(orgId)];
    for (const { key, value, state } of sets) {
      if (key === null || !isEffective({ state })) continue;
      entries.set(key, {
        value: value === null ? null : JSON.parse(value),
        isPending: state !== 'ACKED' && state !== 'APPLIED',
      });
    }
    return { all: (prefix) => entriesOf(entries, prefix) };
  };
}

function entriesOf<P extends OrgEntryPrefix>(
  entries: ReadonlyMap<string, OrgEntry<unknown>>,
  prefix: P,
): ReadonlyMap<string, OrgEntry<z.infer<Schemas[P]>>> {
  const found = new Map<string, OrgEntry<z.infer<Schemas[P]>>>();
  for (const [key, { value, isPending }] of entries) {
    if (!key.startsWith(`${prefix}:`)) continue;
    const parsed = orgEntrySchemas[prefix].safeParse(value);
    if (!parsed.success) continue;
    found.set(key.slice(prefix.length + 1), { value: parsed.data as z.infer<Schemas[P]>, isPending });
  }
  return found;
}
