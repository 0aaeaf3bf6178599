/** Messages a person saved. Owns their order, the one saved last first, and what is shown of those not on this device. */
import type { ViewParams } from '../../../ipc/views.ts';
import type { SavedRow } from '../../../ipc/writing.ts';
import type { EntryValue } from './account-entries.ts';
import type { AccountReads } from './account-reads.ts';
import { conversationTitleOf } from './conversation-row.ts';
import { excerptOf } from './message-row.ts';
import { keyed, type LiveView } from './view.ts';

/** The most rows shown; `total` says how many there are. */
const SAVED_ROWS = 500;

/** Opens the list of one conversation, or of all. */
export function savedView(
  { conversationId }: ViewParams<'saved'>,
  reads: AccountReads | null,
): LiveView<'saved'> {
  let shown: ReadonlySet<string> = new Set();
  return {
    noteChange(key) {
      if (key === 'kept' || key === 'people' || key === 'session') return true;
      // What is shown of a message changes with it.
      return key.startsWith('messages:') && shown.has(key.slice('messages:'.length));
    },
    query() {
      if (!reads) return keyed([], { total: 0 });
      const wanted = conversationId === null ? null : reads.canonicalIdOf(conversationId);
      const saved = [...reads.entries.all('saved')]
        .map(([messageId, entry]) => ({ messageId, entry, place: reads.canonicalIdOf(entry.conversationId) }))
        .filter(({ place }) => wanted === null || place === wanted)
        .sort((a, b) => (b.entry.at ?? 0) - (a.entry.at ?? 0) || (a.messageId < b.messageId ? 1 : -1));
      shown = new Set(saved.map(({ place }) => place));
      return keyed(
        saved
          .slice(0, SAVED_ROWS)
          .map(({ messageId, entry }) => [messageId, savedRow(messageId, entry, reads)] as const),
        { total: saved.length },
      );
    },
  };
}

function savedRow(messageId: string, entry: EntryValue<'saved'>, reads: AccountReads): SavedRow {
  const conversationId = reads.canonicalIdOf(entry.conversationId);
  const message = reads.cache.message(messageId);
  return {
    messageId,
    conversationId,
    conversationTitle: conversationTitleOf(conversationId, reads).title,
    senderName: message ? reads.people.nameOf(message.senderId) : null,
    isOwn: message?.senderId === reads.userId,
    text: message?.text == null ? null : excerptOf(message.text),
    isDeleted: message?.deletedAt != null,
    atMs: message?.createdAt ?? null,
  };
}
