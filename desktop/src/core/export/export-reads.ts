/** Messages of an export, from cache.db: replies too, but nothing that was deleted for me or whose time was over. */
import type { Message } from '@curlew/shared/domain/message.ts';
import { MESSAGE_COLUMNS, messageOf, type StoredMessage } from '../store/cache-rows.ts';
import type { Sqlite } from '../store/sqlite.ts';

/** See the head of this file. */
export interface ExportReads {
  /** The oldest `limit` above a position, oldest first; `shown` are visible in any case. */
  readonly after: (
    conversationId: string,
    seq: number,
    limit: number,
    shown: readonly string[],
  ) => readonly Message[];
}

/** Prepares the reads. `userId` is mine. */
export function createExportReads(db: Sqlite, userId: string): ExportReads {
  const after = db.prepare<[string, number, string, string, number], StoredMessage>(
    `SELECT ${MESSAGE_COLUMNS} FROM message AS m WHERE conversation_id = ? AND create_seq > ? AND is_expired = 0
       AND NOT EXISTS (SELECT 1 FROM entry WHERE log_id = ? AND key = 'hidden:' || m.id AND instr(?, m.id) = 0)
     ORDER BY create_seq LIMIT ?`,
  );
  return {
    after: (conversationId, seq, limit, shown) =>
      after.all(conversationId, seq, userId, shown.join(), limit).map(messageOf),
  };
}
