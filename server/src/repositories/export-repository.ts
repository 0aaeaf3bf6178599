/** What an export reads beside the messages: which conversations there are, who is in them, and names. */
import type { Pool } from 'pg';

/** A conversation to export; `head`: the position of its last event. */
export interface ExportableConversation {
  readonly id: string;
  readonly orgId: string;
  readonly kind: string;
  readonly title: string | null;
  readonly head: number;
  readonly memberIds: readonly string[];
}

/** Which conversations: of an organisation, one alone, or all a person is or was in. */
export type ExportSelection =
  { readonly orgId: string } | { readonly conversationId: string } | { readonly userId: string };

/** The conversations of a selection, the oldest first. */
export async function findExportable(
  pool: Pool,
  selection: ExportSelection,
): Promise<readonly ExportableConversation[]> {
  const [condition, id] =
    'orgId' in selection
      ? ['c.org_id = $1', selection.orgId]
      : 'conversationId' in selection
        ? ['c.id = $1', selection.conversationId]
        : [
            'EXISTS (SELECT 1 FROM member me WHERE me.conversation_id = c.id AND me.user_id = $1)',
            selection.userId,
          ];
  const { rows } = await pool.query<ExportableConversation>(
    `SELECT c.id, c.org_id AS "orgId", c.kind, c.title, l.head,
       array(SELECT m.user_id::text FROM member m WHERE m.conversation_id = c.id AND m.left_seq IS NULL) AS "memberIds"
     FROM conversation c JOIN log l ON l.id = c.id WHERE ${condition} ORDER BY c.created_at_ms, c.id`,
    [id],
  );
  return rows;
}

/** The names an organisation shows its people by, those who left included. */
export async function findNames(pool: Pool, orgId: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await pool.query<{ id: string; name: string }>(
    'SELECT user_id AS id, name FROM org_member WHERE org_id = $1',
    [orgId],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
