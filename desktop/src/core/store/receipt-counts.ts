/** How far messages of crowds got, as last told. Owns the table `receipt_count`. */
import type { ReceiptCount } from '@curlew/shared/domain/message.ts';
import type { Sqlite } from './sqlite.ts';

/** See the head of this file. */
export type ReceiptCountRows = ReturnType<typeof createReceiptCountRows>;

/** Prepares the statements. The methods that write run inside the caller's transaction. */
export function createReceiptCountRows(db: Sqlite) {
  const put = db.prepare(
    `INSERT INTO receipt_count (conversation_id, seq, people, delivered, read, receipt_version)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (conversation_id, seq) DO UPDATE SET people = excluded.people, delivered = excluded.delivered,
       read = excluded.read, receipt_version = excluded.receipt_version
     WHERE excluded.receipt_version >= receipt_count.receipt_version`,
  );
  const clear = db.prepare('DELETE FROM receipt_count WHERE conversation_id = ?');
  const find = db.prepare<[conversationId: string, seq: number], ReceiptCount>(
    `SELECT n.seq, n.people, n.delivered,
       CASE WHEN (SELECT e.value ->> 'readReceipts' FROM conversation c JOIN entry e ON e.log_id = c.org_id
         AND e.key = 'policy:' || c.org_id WHERE c.id = n.conversation_id) = 0 THEN 0 ELSE n.read END AS read
     FROM receipt_count n WHERE n.conversation_id = ? AND n.seq = ?`,
  );
  const newest = db.prepare<[conversationId: string], { readonly version: number | null }>(
    'SELECT max(receipt_version) AS version FROM receipt_count WHERE conversation_id = ?',
  );
  return {
    /** Stores a count unless a later one is held. */
    put(conversationId: string, { seq, people, delivered, read }: ReceiptCount, version: number): void {
      put.run(conversationId, seq, people, delivered, read, version);
    },
    clear(conversationId: string): void {
      clear.run(conversationId);
    },
    /** How far a message got; without its reads where the organisation tells nobody of them. */
    find: (conversationId: string, seq: number): ReceiptCount | undefined => find.get(conversationId, seq),
    /** Moves whenever counts come; 0 while there are none. */
    version: (conversationId: string): number => newest.get(conversationId)?.version ?? 0,
  };
}
