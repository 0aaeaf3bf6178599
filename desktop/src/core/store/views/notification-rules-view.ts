/** Conversations that notify otherwise than this device does: those with a level of their own, and the muted ones. */
import type { NotificationRuleRow } from '../../../ipc/notifications.ts';
import { splitKey, type AccountReads } from './account-reads.ts';
import { conversationTitleOf } from './conversation-row.ts';
import { keyed, type LiveView } from './view.ts';

/** Opens the list, by title. */
export function notificationRulesView(reads: AccountReads | null): LiveView<'notificationRules'> {
  return {
    noteChange: (key) => key === 'conversations' || key === 'people' || splitKey(key)[0] === 'conversation',
    query() {
      if (!reads) return keyed([], {});
      const levels = reads.entries.all('notify');
      const mutes = reads.entries.all('mute');
      // The list knows which mutes are over.
      const index = reads.list.index();
      const rows = [...new Set([...levels.keys(), ...mutes.keys()])].flatMap((id): NotificationRuleRow[] => {
        const entry = index.find(id);
        const level = levels.get(id)?.level ?? null;
        if (!entry || (level === null && !entry.isMuted)) return [];
        const mutedUntilMs = mutes.get(id)?.untilMs ?? null;
        const { title } = conversationTitleOf(id, reads);
        return [{ id, title, kind: entry.kind, level, isMuted: entry.isMuted, mutedUntilMs }];
      });
      rows.sort((a, b) => a.title.localeCompare(b.title) || (a.id < b.id ? -1 : 1));
      return keyed(
        rows.map((row) => [row.id, row] as const),
        {},
      );
    },
  };
}
