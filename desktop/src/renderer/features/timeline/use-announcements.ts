/** Speaks new messages of the open conversation, and failures; history loading is never spoken. */
import { useEffect, useRef } from 'react';
import { translate } from '../../i18n/index.ts';
import { announce, MessageAnnouncer } from '../../lib/announcer.ts';
import type { TimelineItem } from './items.ts';

/** Longest part of a message that is read out. */
const spokenChars = 200;

/** Announces messages that arrive after the conversation was opened. */
export function useAnnouncements(items: readonly TimelineItem[], isAtEnd: () => boolean): void {
  const known = useRef<{ newest: number; failed: ReadonlySet<string> } | null>(null);
  const announcer = useRef<MessageAnnouncer | null>(null);
  useEffect(() => {
    const t = translate();
    const made = new MessageAnnouncer(announce, (count) => t('timeline.announceMany', { count }));
    announcer.current = made;
    return () => made.stop();
  }, []);
  useEffect(() => {
    const rows = items.flatMap((item) => (item.kind === 'message' ? [item.row] : []));
    if (rows.length === 0) return;
    const newest = Math.max(0, ...rows.map((row) => row.seq ?? 0));
    const failed = new Set(rows.filter((row) => row.state === 'failed').map((row) => row.id));
    const before = known.current;
    known.current = { newest: Math.max(newest, before?.newest ?? 0), failed };
    if (!before) return;
    const t = translate();
    for (const row of rows) {
      if (row.isOwn || row.isDeleted || (row.seq ?? 0) <= before.newest || !isAtEnd()) continue;
      const text = (row.text ?? '').slice(0, spokenChars);
      announcer.current?.add(
        t('timeline.announceMessage', { name: row.senderName, text }),
        performance.now(),
      );
    }
    if ([...failed].some((id) => !before.failed.has(id))) announce(t('timeline.announceFailed'), 'assertive');
  }, [items, isAtEnd]);
}
