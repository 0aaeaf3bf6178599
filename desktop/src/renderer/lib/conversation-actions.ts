/** Actions on a conversation, wherever they are offered (list, header, details, keyboard). Refusals become a toast. */
import type { IntentAnswer } from '../../ipc/intents.ts';
import type { NotificationRuleRow } from '../../ipc/notifications.ts';
import { errorText, translate } from '../i18n/index.ts';
import { invoke, tell } from './bridge.ts';
import { inScope } from './scope.ts';
import { openConversation } from './navigation.ts';
import { showToast } from './toast.ts';

/** Pins or unpins. */
export function setPinned(conversationId: string, on: boolean): void {
  void invoke('conversation.pin', { conversationId, on }).then((result) => {
    if (!result.ok) showToast({ text: translate()('list.refusedPin') });
  });
}

/** Mutes until turned off, or unmutes. */
export function setMuted(conversationId: string, on: boolean): void {
  void invoke('conversation.mute', { conversationId, on, untilMs: null }).then((result) => {
    const t = translate();
    if (!result.ok) showToast({ text: t('list.refusedMute') });
    else if (on) {
      showToast({
        text: t('list.mutedToast'),
        action: { label: t('list.undo'), run: () => setMuted(conversationId, false) },
      });
    }
  });
}

/** Chooses what of a conversation notifies; null: as each device is set. */
export function setNotifyLevel(conversationId: string, level: 'all' | 'mentions' | 'none' | null): void {
  void invoke('conversation.notify', { conversationId, level }).then((result) => {
    if (!result.ok) showToast({ text: translate()('list.refusedMute') });
  });
}

/** A conversation notifies as this device does: no level of its own, no mute. */
export function resetNotifications({ id, level, isMuted }: NotificationRuleRow): void {
  if (level !== null) setNotifyLevel(id, null);
  if (isMuted) setMuted(id, false);
}

/** Archives, or brings back. */
export function setArchived(conversationId: string, on: boolean): void {
  void invoke('conversation.archive', { conversationId, on }).then((result) => {
    const t = translate();
    if (!result.ok) showToast({ text: t('list.refusedArchive') });
    else if (on) {
      showToast({
        text: t('list.archivedToast'),
        action: { label: t('list.undo'), run: () => setArchived(conversationId, false) },
      });
    }
  });
}

/** Marks everything in a conversation as read. */
export function markConversationRead(conversationId: string): void {
  tell('conversation.markRead', { conversationId });
}

/** Marks every conversation as read; the undo marks them unread again from where they were. */
export function markAllRead(): void {
  void invoke('conversation.markAllRead', {}).then((result) => {
    const t = translate();
    if (!result.ok) showToast({ text: t('list.refusedRead') });
    else if (result.value.marked.length + result.value.threads.length > 0) {
      showToast({
        text: t('list.allReadToast', { count: countOf(result.value) }),
        action: {
          label: t('list.undo'),
          run: () => {
            for (const mark of result.value.marked) tell('conversation.markUnread', mark);
            for (const thread of result.value.threads) tell('thread.markUnread', thread);
          },
        },
      });
    }
  });
}

/** How many conversations something of was read, in themselves or in their threads. */
function countOf({ marked, threads }: IntentAnswer<'conversation.markAllRead'>): number {
  return new Set([...marked, ...threads].map(({ conversationId }) => conversationId)).size;
}

/** Opens the direct conversation with a person, creating it when there is none; works offline. */
export async function writeTo(userId: string): Promise<void> {
  const result = await invoke('conversation.openDirect', { userId, ...inScope() });
  if (result.ok) openConversation(result.value.conversationId, { focusComposer: true });
  else showToast({ text: errorText(result.error) });
}
