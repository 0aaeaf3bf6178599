/** Who stands where: memberships of conversations and organisations, as authorisation and fan-out need them. */
import type { OrgRole, Policy } from '@curlew/shared/domain/entries.ts';
import type { Audience, ConversationKind, MemberRole } from '@curlew/shared/domain/message.ts';
import type { Pool } from 'pg';

/** A closed or open range of a log that a person may see. */
export interface VisibleRange {
  readonly from: number;
  /** null: still a member */
  readonly to: number | null;
}

/** One person's standing in a conversation; `isActive` false: left. */
export interface ConversationStanding {
  readonly userId: string;
  readonly role: MemberRole;
  readonly isActive: boolean;
  readonly visible: readonly VisibleRange[];
}

/** A conversation and everybody who is or was in it. */
export interface ConversationAccess {
  readonly id: string;
  readonly orgId: string;
  readonly kind: ConversationKind;
  /** whom an announcement channel is for; null for every other kind */
  readonly audience: Audience | null;
  /** nobody can send in it until it is opened again */
  readonly isClosed: boolean;
  readonly memberVersion: number;
  readonly members: ReadonlyMap<string, ConversationStanding>;
}

/** One person's standing in an organisation. */
export interface OrgStanding {
  readonly role: OrgRole;
  readonly isActive: boolean;
  /** out of it, while the place is kept */
  readonly isDeactivated: boolean;
  /** end of what a former member may see of the log; null while a member */
  readonly leftSeq: number | null;
}

/** An organisation, what it allows, and everybody who is or was in it. */
export interface OrgAccess {
  readonly id: string;
  readonly memberVersion: number;
  readonly policy: Policy;
  readonly members: ReadonlyMap<string, OrgStanding>;
}

interface MemberRow {
  readonly org_id: string;
  readonly kind: ConversationKind;
  readonly audience: Audience | null;
  readonly is_closed: boolean;
  readonly member_version: number;
  readonly user_id: string;
  readonly role: MemberRole;
  readonly left_seq: number | null;
  readonly visible: readonly VisibleRange[];
}

/** Loads a conversation's memberships; undefined when there is no such conversation. */
export async function findConversationAccess(
  pool: Pool,
  id: string,
): Promise<ConversationAccess | undefined> {
  const { rows } = await pool.query<MemberRow>({
    name: 'conversation_access',
    text: `
      SELECT c.org_id, c.kind, c.audience, c.is_closed, l.member_version, m.user_id, m.role, m.left_seq,
        (SELECT json_agg(json_build_object('from', v.from_seq, 'to', v.to_seq) ORDER BY v.from_seq)
         FROM member_interval v WHERE v.conversation_id = c.id AND v.user_id = m.user_id) AS visible
      FROM conversation c JOIN log l ON l.id = c.id JOIN member m ON m.conversation_id = c.id
      WHERE c.id = $1`,
    values: [id],
  });
  const first = rows[0];
  if (!first) return undefined;
  const members = rows.map((row): [string, ConversationStanding] => [
    row.user_id,
    { userId: row.user_id, role: row.role, isActive: row.left_seq === null, visible: row.visible },
  ]);
  return {
    id,
    orgId: first.org_id,
    kind: first.kind,
    audience: first.audience,
    isClosed: first.is_closed,
    memberVersion: first.member_version,
    members: new Map(members),
  };
}

/** Loads an organisation's memberships; undefined when there is no such organisation. */
export async function findOrgAccess(pool: Pool, id: string): Promise<OrgAccess | undefined> {
  const { rows } = await pool.query<{
    member_version: number;
    user_id: string;
    role: OrgRole;
    left_seq: number | null;
    is_deactivated: boolean;
    policy: Policy | null;
  }>({
    name: 'org_access',
    text: `
      SELECT l.member_version, m.user_id, m.role, m.left_seq, m.is_deactivated,
        (SELECT e.value FROM log_entry e WHERE e.log_id = l.id AND e.key = 'policy:' || l.id) AS policy
      FROM log l JOIN org_member m ON m.org_id = l.id WHERE l.id = $1`,
    values: [id],
  });
  const first = rows[0];
  if (!first) return undefined;
  const members = rows.map((row): [string, OrgStanding] => [
    row.user_id,
    {
      role: row.role,
      isActive: row.left_seq === null,
      isDeactivated: row.is_deactivated,
      leftSeq: row.left_seq,
    },
  ]);
  return { id, memberVersion: first.member_version, policy: first.policy ?? {}, members: new Map(members) };
}

/** The organisations a person is in now. */
export async function findOrgIds(pool: Pool, userId: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ org_id: string }>(
    'SELECT org_id FROM org_member WHERE user_id = $1 AND left_seq IS NULL ORDER BY org_id',
    [userId],
  );
  return rows.map((row) => row.org_id);
}

/** A place in a conversation that was kept while somebody was deactivated. */
export interface KeptPlace {
  readonly conversationId: string;
  readonly userId: string;
  readonly role: MemberRole;
}

/**
 * Kept places of people who are active again.
 * @param person only theirs, in one organisation; null: everybody's
 */
export async function findKeptPlaces(
  pool: Pool,
  person: { readonly orgId: string; readonly userId: string } | null,
): Promise<readonly KeptPlace[]> {
  const { rows } = await pool.query<KeptPlace>(
    `SELECT m.conversation_id AS "conversationId", m.user_id AS "userId", m.role
     FROM member m JOIN conversation c ON c.id = m.conversation_id
     JOIN org_member o ON o.org_id = c.org_id AND o.user_id = m.user_id
     WHERE m.is_paused AND o.left_seq IS NULL
       AND ($1::uuid IS NULL OR (o.org_id = $1 AND o.user_id = $2))`,
    [person?.orgId ?? null, person?.userId ?? null],
  );
  return rows;
}

/** The conversations of an organisation a person is still in although they have left it; none for who is in it. */
export async function findStrandedConversationIds(
  pool: Pool,
  orgId: string,
  userId: string,
): Promise<readonly string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT c.id FROM org_member o JOIN member m ON m.user_id = o.user_id JOIN conversation c ON c.id = m.conversation_id
     WHERE o.org_id = $1 AND o.user_id = $2 AND o.left_seq IS NOT NULL AND m.left_seq IS NULL AND c.org_id = o.org_id`,
    [orgId, userId],
  );
  return rows.map((row) => row.id);
}

/** The conversation a message stands in, and where; undefined when there is no such message. */
export async function findMessagePlace(
  pool: Pool,
  messageId: string,
): Promise<{ readonly conversationId: string; readonly createSeq: number } | undefined> {
  const { rows } = await pool.query<{ conversation_id: string; create_seq: number }>(
    'SELECT conversation_id, create_seq FROM message WHERE id = $1',
    [messageId],
  );
  const row = rows[0];
  return row && { conversationId: row.conversation_id, createSeq: row.create_seq };
}

/** People who are in a conversation of an organisation that they have left. */
export async function findStrandedMembers(
  pool: Pool,
): Promise<readonly { readonly orgId: string; readonly userId: string }[]> {
  const { rows } = await pool.query<{ orgId: string; userId: string }>(
    `SELECT DISTINCT o.org_id AS "orgId", o.user_id AS "userId"
     FROM org_member o JOIN member m ON m.user_id = o.user_id JOIN conversation c ON c.id = m.conversation_id
     WHERE o.left_seq IS NOT NULL AND m.left_seq IS NULL AND c.org_id = o.org_id`,
  );
  return rows;
}

/** Somebody whom an announcement should reach and does not, or the other way round. */
export interface AudienceDrift {
  readonly conversationId: string;
  readonly userId: string;
  readonly shouldBeIn: boolean;
}

/**
 * Where the members of an organisation's announcements are not its audience.
 * @param userId only this person; null: everybody
 */
export async function findAudienceDrift(
  pool: Pool,
  orgId: string,
  userId: string | null,
): Promise<readonly AudienceDrift[]> {
  const { rows } = await pool.query<AudienceDrift>(
    `WITH channel AS (SELECT id, audience, created_by FROM conversation WHERE org_id = $1 AND audience IS NOT NULL),
       wanted AS (SELECT c.id, a.user_id FROM channel c, curlew_audience($1, c.audience) a),
       present AS (SELECT c.id, m.user_id FROM channel c JOIN member m ON m.conversation_id = c.id
         -- Those who run it stay whatever their place: somebody has to.
         WHERE m.left_seq IS NULL AND m.role = 'member')
     SELECT id AS "conversationId", user_id AS "userId", true AS "shouldBeIn" FROM wanted w
       WHERE ($2::uuid IS NULL OR user_id = $2) AND NOT EXISTS (
         SELECT 1 FROM member m WHERE m.conversation_id = w.id AND m.user_id = w.user_id AND m.left_seq IS NULL)
     UNION ALL
     SELECT p.id, p.user_id, false FROM present p
       WHERE ($2::uuid IS NULL OR p.user_id = $2) AND NOT EXISTS (
         SELECT 1 FROM wanted w WHERE w.id = p.id AND w.user_id = p.user_id)`,
    [orgId, userId],
  );
  return rows;
}

/** Organisations that have announcements. */
export async function findOrgsWithAudiences(pool: Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ org_id: string }>(
    'SELECT DISTINCT org_id FROM conversation WHERE audience IS NOT NULL',
  );
  return rows.map((row) => row.org_id);
}
