/**
 * What can be done with a message, and doing it. Owns the rules of which action a message offers and the calls behind
 * them; toolbar, menu and keyboard all come here.
 */
import type { MessageRow } from '../../../ipc/views.ts';
import { invoke, tell } from '../../lib/bridge.ts';
import { editMessage, replyTo } from '../../lib/compose-target.ts';
import { focusComposer, showMessageInfo } from '../../lib/navigation.ts';
import { showToast } from '../../lib/toast.ts';
import { translate } from '../../i18n/index.ts';

/** Actions on one message. */
export type MessageAction =
  'reply' | 'edit' | 'react' | 'copy' | 'info' | 'markUnread' | 'deleteForMe' | 'deleteForEveryone';

/** Quick reactions of the menu; the first two also stand in the toolbar. */
export const quickReactions = ['👍', '❤️', '😂', '🎉', '👀'] as const;

/** Actions a message offers, in menu order. */
export function actionsFor(row: MessageRow): MessageAction[] {
  const isPlain = !row.isDeleted && row.text !== null;
  const isOnServer = row.seq !== null;
  const actions: MessageAction[] = [];
  if (isPlain) actions.push('reply');
  if (isPlain && row.isOwn) actions.push('edit');
  if (isPlain) actions.push('react', 'copy');
  actions.push('info');
  if (isOnServer && !row.isOwn) actions.push('markUnread');
  if (isPlain && row.isOwn) actions.push('deleteForEveryone');
  if (isOnServer) actions.push('deleteForMe');
  return actions;
}

/** Runs an action that needs no further question. */
export function runAction(
  action: Exclude<MessageAction, 'react' | 'deleteForEveryone'>,
  conversationId: string,
  row: MessageRow,
): void {
  switch (action) {
    case 'reply':
      replyTo(conversationId, row);
      focusComposer();
      return;
    case 'edit':
      editMessage(conversationId, row);
      focusComposer();
      return;
    case 'copy':
      tell('app.copyText', { text: row.text ?? '' });
      return;
    case 'info':
      showMessageInfo(row.id);
      return;
    case 'markUnread':
      void markUnread(conversationId, row);
      return;
    case 'deleteForMe':
      void deleteForMe(conversationId, row.id);
      return;
  }
}

async function markUnread(conversationId: string, row: MessageRow): Promise<void> {
  if (row.seq === null) return;
  const result = await invoke('conversation.markUnread', { conversationId, fromSeq: row.seq });
  if (!result.ok) showToast({ text: translate()('message.refusedUnread') });
}

/** Adds or removes an own reaction. */
export async function setReaction(
  conversationId: string,
  row: MessageRow,
  emoji: string,
  on: boolean,
): Promise<void> {
  const result = await invoke('message.react', { conversationId, messageId: row.id, emoji, on });
  if (!result.ok) showToast({ text: translate()('message.refusedReact') });
}

/** Adds the reaction, or takes it back when it is already mine. */
export function toggleReaction(conversationId: string, row: MessageRow, emoji: string): void {
  const own = row.reactions.some((reaction) => reaction.emoji === emoji && reaction.isOwn);
  void setReaction(conversationId, row, emoji, !own);
}

/** Deletes a message on my devices at once, and offers to take that back. */
async function deleteForMe(conversationId: string, messageId: string): Promise<void> {
  const t = translate();
  const result = await invoke('message.delete', { conversationId, messageId, forEveryone: false });
  if (!result.ok) return showToast({ text: t('message.refusedDelete') });
  showToast({
    text: t('message.deletedToast'),
    action: { label: t('message.undo'), run: () => void restore(conversationId, messageId) },
  });
}

async function restore(conversationId: string, messageId: string): Promise<void> {
  const result = await invoke('message.restore', { conversationId, messageId });
  if (!result.ok) showToast({ text: translate()('message.refusedRestore') });
}

/** Deletes a message everywhere; the question was asked before. */
export async function deleteForEveryone(conversationId: string, messageId: string): Promise<void> {
  const result = await invoke('message.delete', { conversationId, messageId, forEveryone: true });
  if (!result.ok) showToast({ text: translate()('message.refusedDelete') });
}
