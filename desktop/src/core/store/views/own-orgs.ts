/**
 * The organisations I belong to, as this device knows them now. Owns that a new name, role or rule shows as soon as it
 * is set here or heard of: what the profile said at the last connection counts only where a log is not here yet.
 */
import { orgEntrySchemas, type OrgRole, type Policy } from '@curlew/shared/domain/entries.ts';
import type { OwnOrg } from '../../../ipc/views.ts';
import type { Sqlite } from '../sqlite.ts';
import type { OpState } from '../store-types.ts';
import { isEffective } from './overlay.ts';

/** An organisation as the profile names it. */
export type KnownOrg = Pick<OwnOrg, 'id' | 'name' | 'role'>;
/** Answers my organisations, alphabetically; `known` is what the profile said last. */
export type OwnOrgs = (known: readonly KnownOrg[]) => readonly OwnOrg[];

interface SetRow {
  readonly state: OpState;
  readonly value: string | null;
}

/** Prepares the reads: a few rows by their keys, whatever the size of the organisations. */
export function createOwnOrgs(cacheDb: Sqlite, outboxDb: Sqlite, userId: string): OwnOrgs {
  const cached = cacheDb.prepare<[logId: string, key: string], { readonly value: string }>(
    'SELECT value FROM entry WHERE log_id = ? AND key = ?',
  );
  const logs = cacheDb.prepare<[], { readonly id: string; readonly tail: number }>(
    `SELECT id, tail FROM log WHERE kind = 'org'`,
  );
  const value = `bytes -> 'value' AS value`;
  const waiting = outboxDb.prepare<[target: string, lane: string], SetRow>(
    `SELECT state, ${value} FROM op WHERE target = ? AND lane = ? AND kind = 'org.set' AND json_valid(bytes)
      ORDER BY n DESC`,
  );
  // Confirmed, but not yet heard of through the log.
  const sent = outboxDb.prepare<[lane: string, tail: number, target: string], SetRow>(
    `SELECT 'APPLIED' AS state, ${value} FROM sent WHERE lane = ? AND seq > ? AND target = ? AND json_valid(bytes)
      ORDER BY seq DESC`,
  );
  const valueOf = (orgId: string, tail: number, key: string): unknown => {
    const set = [...waiting.all(key, orgId), ...sent.all(orgId, tail, key)].find(isEffective);
    const text = set ? set.value : cached.get(orgId, key)?.value;
    return text == null ? null : JSON.parse(text);
  };
  const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
  return (known) => {
    const tails = new Map(logs.all().map(({ id, tail }) => [id, tail]));
    const ids = new Set([...tails.keys(), ...known.map(({ id }) => id)]);
    return [...ids]
      .flatMap((id): OwnOrg[] => {
        const profile = known.find((org) => org.id === id);
        const tail = tails.get(id) ?? 0;
        if (tail === 0) return profile ? [withRights(profile, {})] : [];
        const role = orgEntrySchemas.role.safeParse(valueOf(id, tail, `role:${userId}`));
        if (!role.success || role.data.deactivated) return [];
        const named = orgEntrySchemas.org.safeParse(valueOf(id, tail, `org:${id}`));
        const policy = orgEntrySchemas.policy.safeParse(valueOf(id, tail, `policy:${id}`));
        const name = named.success ? named.data.name : (profile?.name ?? '');
        return [withRights({ id, name, role: role.data.role }, policy.data ?? {})];
      })
      .sort((a, b) => collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));
  };
}

/** An organisation with what I may do there under its rules. */
export function withRights(org: KnownOrg, policy: Policy): OwnOrg {
  return { ...org, groups: groupRight(org.role, policy) };
}

// The server decides; this only saves the way to its refusal.
function groupRight(role: OrgRole, { groupCreation = 'members' }: Policy): OwnOrg['groups'] {
  if (role === 'guest') return 'guest';
  return groupCreation === 'admins' && role === 'member' ? 'policy' : 'allowed';
}
