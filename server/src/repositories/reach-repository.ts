/** How far an announcement got, counted where the rows are. */
import { ACKNOWLEDGEMENT } from '@curlew/shared/domain/message.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { Reach, ReachStep } from '@curlew/shared/protocol/reach.ts';
import type { Pool } from 'pg';

const counts = `count(*)::int AS people, count(*) FILTER (WHERE delivered)::int AS delivered,
  count(*) FILTER (WHERE read)::int AS read, count(*) FILTER (WHERE acknowledged)::int AS acknowledged`;
const asked = `(CASE $2 WHEN 'delivered' THEN delivered WHEN 'read' THEN read ELSE acknowledged END)`;
// From the places to their people: the few sites and units of the organisation lead to everybody in them once.
const place = (scope: 'site' | 'unit', from: string): string => `
  SELECT '${scope}' AS scope, place.id, place.name, ${counts} FROM ${from} JOIN people USING (user_id)
  WHERE site.org_id = (SELECT org_id FROM target) GROUP BY place.id, place.name`;

/** The statement behind {@link readReach}; exported for the test that times it. */
export const reachQuery = `
  WITH target AS (
    SELECT x.id, x.conversation_id, x.sender_id, x.create_seq, c.org_id
    FROM message x JOIN conversation c ON c.id = x.conversation_id WHERE x.id = $1
  ), people AS MATERIALIZED (
    SELECT m.user_id, a.user_id IS NOT NULL AS acknowledged,
      a.user_id IS NOT NULL OR m.shared_read_seq >= x.create_seq AS read,
      a.user_id IS NOT NULL OR greatest(m.delivered_seq, m.shared_read_seq) >= x.create_seq AS delivered
    FROM target x
    JOIN member m ON m.conversation_id = x.conversation_id AND m.left_seq IS NULL AND m.user_id <> x.sender_id
      AND m.joined_seq <= x.create_seq
    LEFT JOIN reaction a ON a.message_id = x.id AND a.user_id = m.user_id AND a.emoji = $3
  ), places AS (
    ${place('site', 'site JOIN site place ON place.id = site.id JOIN site_member s ON s.site_id = place.id')}
    UNION ALL
    ${place('unit', 'site JOIN unit place ON place.site_id = site.id JOIN unit_member u ON u.unit_id = place.id')}
  ), named AS (
    SELECT o.user_id AS "userId", o.name FROM people p JOIN org_member o ON o.user_id = p.user_id
    WHERE o.org_id = (SELECT org_id FROM target) AND NOT ${asked} ORDER BY o.name, o.user_id LIMIT ${limits.reachNames}
  )
  SELECT (SELECT extras ? 'requiresAck' FROM message WHERE id = $1) AS "requiresAck",
    (SELECT to_json(t) FROM (SELECT ${counts} FROM people) t) AS total,
    coalesce((SELECT json_agg(p ORDER BY p.scope, p.name, p.id) FROM places p), '[]') AS places,
    (SELECT count(*)::int FROM people WHERE NOT ${asked}) AS count,
    coalesce((SELECT json_agg(n ORDER BY n.name, n."userId") FROM named n), '[]') AS people`;

/** Counts how far a message got among those it was sent to. */
export async function readReach(pool: Pool, messageId: string, step: ReachStep): Promise<Reach | undefined> {
  const { rows } = await pool.query<
    Omit<Reach, 'missing' | 'requiresAck'> & {
      readonly requiresAck: boolean | null;
      readonly count: number;
      readonly people: Reach['missing']['people'];
    }
  >({ name: 'reach', text: reachQuery, values: [messageId, step, ACKNOWLEDGEMENT] });
  const row = rows[0];
  if (!row || row.requiresAck === null) return undefined;
  const { requiresAck, total, places, count, people } = row;
  return { requiresAck, total, places, missing: { step, count, people } };
}
