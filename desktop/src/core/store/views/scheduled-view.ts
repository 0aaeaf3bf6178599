/** Scheduled messages as their author sees them. Owns their order: what needs an answer first, then by time. */
import { isErrorCode, errorBody } from '@curlew/shared/protocol/errors.ts';
import type { ScheduledEntry } from '@curlew/shared/domain/entries.ts';
import type { ViewParams } from '../../../ipc/views.ts';
import type { ScheduledRow } from '../../../ipc/writing.ts';
import type { AccountReads } from './account-reads.ts';
import { conversationTitleOf } from './conversation-row.ts';
import { keyed, type LiveView } from './view.ts';

/** Opens the list of one conversation, or of all. */
export function scheduledView(
  { conversationId }: ViewParams<'scheduled'>,
  reads: AccountReads | null,
): LiveView<'scheduled'> {
  return {
    noteChange: (key) => key === 'kept' || key === 'people' || key === 'session',
    query() {
      if (!reads) return keyed([], { refused: 0 });
      const wanted = conversationId === null ? null : reads.canonicalIdOf(conversationId);
      const rows = [...reads.entries.all('scheduled')]
        .map(([messageId, entry]) => scheduledRow(messageId, entry, reads))
        .filter((row) => wanted === null || row.conversationId === wanted)
        .sort(byNeedThenTime);
      const refused = rows.filter(({ error }) => error !== null).length;
      return keyed(
        rows.map((row) => [row.messageId, row] as const),
        { refused },
      );
    },
  };
}

function scheduledRow(messageId: string, entry: ScheduledEntry, reads: AccountReads): ScheduledRow {
  const conversationId = reads.canonicalIdOf(entry.conversationId);
  const { text, sendAtMs, refused } = entry;
  return {
    messageId,
    conversationId,
    conversationTitle: conversationTitleOf(conversationId, reads).title,
    text,
    sendAtMs,
    isInThread: entry.threadRootId !== undefined,
    isPending: reads.entries.isPending('scheduled', messageId),
    error: refused === undefined ? null : errorBody(isErrorCode(refused) ? refused : 'INTERNAL'),
  };
}

function byNeedThenTime(a: ScheduledRow, b: ScheduledRow): number {
  const needs = Number(b.error !== null) - Number(a.error !== null);
  return needs || a.sendAtMs - b.sendAtMs || (a.messageId < b.messageId ? -1 : 1);
}
