/**
 * What can be done with a message, and doing it. Owns the rules of which action a message offers and the calls behind
 * them; toolbar, menu and keyboard all come here.
 */
import { ACKNOWLEDGEMENT } from '@curlew/shared/domain/message.ts';
import type { MessageRow } from '../../../ipc/message-rows.ts';
import { invoke, tell } from '../../lib/bridge.ts';
import { editMessage, replyTo, threadRootOf } from '../../lib/compose-target.ts';
import { focusComposer, showMessageInfo, showThread } from '../../lib/navigation.ts';
import { showToast } from '../../lib/toast.ts';
import { translate } from '../../i18n/index.ts';
import { forwarding } from '../../lib/forwarding.ts';
import { setMessagePinned } from '../../lib/group-actions.ts';
import { setMessageSaved } from '../../lib/saving.ts';
import type { MessageRights } from './contracts.ts';
import { isInEditWindow } from './items.ts';

/** Actions on one message. */
export type MessageAction =
  | 'reply'
  | 'thread'
  | 'edit'
  | 'react'
  | 'acknowledge'
  | 'copy'
  | 'forward'
  | 'save'
  | 'unsave'
  | 'pin'
  | 'unpin'
  | 'info'
  | 'markUnread'
  | 'deleteForMe'
  | 'deleteForEveryone';

/** Quick reactions of the menu; the first two also stand in the toolbar. */
export const quickReactions = ['👍', '❤️', '😂', '🎉', '👀'] as const;

/** Actions a message offers, in menu order. */
export function actionsFor(
  row: MessageRow,
  rights: MessageRights,
  marks: { readonly isPinned: boolean; readonly isSaved: boolean },
  nowMs: number,
): MessageAction[] {
  const isPlain = !row.isDeleted && row.text !== null;
  const canEdit = isPlain && row.isOwn && rights.isMember && isInEditWindow(row, rights.editWindowMs, nowMs);
  // Those who run a conversation may remove what anybody said, at any time.
  const canDelete = canEdit || (isPlain && rights.isMember && rights.canModerate === true);
  const isOnServer = row.seq !== null;
  const actions: MessageAction[] = [];
  if (isPlain && rights.canPost) actions.push('reply');
  if (!rights.isInThread && (row.thread !== null || (isPlain && rights.canPost && row.state !== 'failed'))) {
    actions.push('thread');
  }
  if (canEdit) actions.push('edit');
  if (asksMe(row, rights)) actions.push('acknowledge');
  if (isPlain && rights.isMember) actions.push('react');
  if (isPlain) actions.push('copy', 'forward');
  if (isOnServer && (isPlain || marks.isSaved)) actions.push(marks.isSaved ? 'unsave' : 'save');
  // The rest belongs to messages of the conversation itself: it is shown, counted and pinned there.
  if (rights.isInThread) return [...actions, ...deletionsFor(canDelete, isOnServer)];
  if (isPlain && isOnServer && rights.canPin) actions.push(marks.isPinned ? 'unpin' : 'pin');
  actions.push('info');
  if (isOnServer && !row.isOwn) actions.push('markUnread');
  return [...actions, ...deletionsFor(canDelete, isOnServer)];
}

function deletionsFor(canDelete: boolean, isOnServer: boolean): MessageAction[] {
  const actions: MessageAction[] = [];
  if (canDelete) actions.push('deleteForEveryone');
  if (isOnServer) actions.push('deleteForMe');
  return actions;
}

/**
 * Runs an action that needs no further question.
 * @param place where an answer or edit is written: the conversation's id or a thread's place
 */
export function runAction(
  action: Exclude<MessageAction, 'react' | 'deleteForEveryone'>,
  conversationId: string,
  place: string,
  row: MessageRow,
): void {
  switch (action) {
    case 'reply':
      replyTo(place, row);
      focusWriting(place);
      return;
    case 'acknowledge':
      void setReaction(conversationId, row, ACKNOWLEDGEMENT, true);
      return;
    case 'thread':
      showThread(row.id);
      return;
    case 'edit':
      editMessage(place, row);
      focusWriting(place);
      return;
    case 'copy':
      tell('app.copyText', { text: row.text ?? '' });
      return;
    case 'forward':
      forwarding.set({ conversationId, row });
      return;
    case 'save':
    case 'unsave':
      void setMessageSaved(conversationId, row.id, action === 'save');
      return;
    case 'pin':
    case 'unpin':
      void setMessagePinned(conversationId, row.id, action === 'pin');
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

/**
 * Puts focus where a place is written in.
 * @returns false when nothing can be written there
 */
export function focusWriting(place: string): boolean {
  if (threadRootOf(place) === null) {
    focusComposer();
    return true;
  }
  const field = document.querySelector<HTMLTextAreaElement>('[data-region="thread-composer"] textarea');
  field?.focus();
  return field !== null;
}

async function markUnread(conversationId: string, row: MessageRow): Promise<void> {
  if (row.seq === null) return;
  const result = await invoke('conversation.markUnread', { conversationId, fromSeq: row.seq });
  if (!result.ok) showToast({ text: translate()('message.refusedUnread') });
}

/** Whether a message still waits for me to acknowledge it. */
export function asksMe(row: MessageRow, rights: MessageRights): boolean {
  const { acknowledgement, isOwn, seq } = row;
  return rights.isMember && !isOwn && seq !== null && acknowledgement !== null && !acknowledgement.isOwn;
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
  // What was acknowledged stays so: the picker offers the same sign, and nobody means to take it back there.
  if (row.acknowledgement !== null && emoji === ACKNOWLEDGEMENT) {
    void setReaction(conversationId, row, emoji, true);
    return;
  }
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
