/**
 * Reading the audit log. Its lines are written where things happen: by the SQL functions together with the change, and
 * by services for what no log carries (invites, tokens, passwords).
 */
import type { Pool } from 'pg';

/** One line, with the names people had when they were last in the organisation. */
export interface AuditEntry {
  readonly id: number;
  readonly at: number;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly action: string;
  readonly target: string | null;
  readonly targetName: string | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

/** Which lines. */
export interface AuditQuery {
  /** only what this person did, or what was done to them */
  readonly personId?: string | undefined;
  readonly action?: string | undefined;
  /** only lines older than this one */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Lines, newest first; `next`: the `before` of the page after this one, null at the end. */
export interface AuditPage {
  readonly entries: AuditEntry[];
  readonly next: number | null;
}

/** See the file's head. */
export interface AuditRepository {
  page(orgId: string, query: AuditQuery): Promise<AuditPage>;
}

/** Lines of an organisation by one column's value, newest first: the end of one index, however long the log is. */
function newestWhere(...conditions: readonly string[]): string {
  return `(SELECT a.* FROM audit_entry a
    WHERE ${['a.org_id = $1', ...conditions].join(' AND ')} AND ($4::bigint IS NULL OR a.id < $4)
    ORDER BY a.id DESC LIMIT $5)`;
}

/** What a person did, what was done to them and the lines of an action each end an index; UNION drops the line in both. */
function chosenLines(byPerson: boolean, byAction: boolean): string {
  const ofAction = byAction ? ['a.action = $3'] : [];
  if (!byPerson) return newestWhere(...ofAction);
  const did = newestWhere('a.actor_id = $2', ...ofAction);
  return `${did} UNION ${newestWhere('a.target = $2::text', ...ofAction)}`;
}

/**
 * The statement of a page, by which filters it has; exported for the test that looks at its plan. The lines are cut off
 * before anything is joined, and a target is an id again before it is looked up: compared as texts, every line would be
 * held against every unit.
 */
export function auditQuery(byPerson: boolean, byAction: boolean): string {
  return `
  WITH page AS MATERIALIZED (
    SELECT a.id, a.at, a.actor_id, a.org_id, a.action, a.target, a.detail,
      CASE WHEN a.target ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN a.target::uuid END AS target_id
    FROM (${chosenLines(byPerson, byAction)}) a
    -- Every variant takes the same parameters: this names the types of those it does not use.
    WHERE coalesce($2::uuid::text, $3::text, '') IS NOT NULL
    ORDER BY a.id DESC LIMIT $5
  )
  SELECT a.id, (extract(epoch FROM a.at) * 1000)::bigint AS at, a.actor_id AS "actorId", a.action, a.target,
    coalesce(actor.name, who.name) AS "actorName", a.detail,
    coalesce(person.name, site.name, unit.name, c.title) AS "targetName"
  FROM page a
    LEFT JOIN org_member actor ON actor.org_id = a.org_id AND actor.user_id = a.actor_id
    LEFT JOIN user_account who ON who.id = a.actor_id
    LEFT JOIN org_member person ON person.org_id = a.org_id AND person.user_id = a.target_id
    LEFT JOIN site ON site.org_id = a.org_id AND site.id = a.target_id
    LEFT JOIN unit ON unit.id = a.target_id
    LEFT JOIN conversation c ON c.org_id = a.org_id AND c.audience IS NOT NULL AND c.id = a.target_id
  ORDER BY a.id DESC`;
}

/** Creates the repository. */
export function createAuditRepository(pool: Pool): AuditRepository {
  return {
    async page(orgId, { personId, action, before, limit }) {
      const { rows } = await pool.query<AuditEntry>({
        name: `audit_page${personId === undefined ? '' : '_person'}${action === undefined ? '' : '_action'}`,
        text: auditQuery(personId !== undefined, action !== undefined),
        values: [orgId, personId ?? null, action ?? null, before ?? null, limit + 1],
      });
      const entries = rows.slice(0, limit);
      return { entries, next: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
    },
  };
}
