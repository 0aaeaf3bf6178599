/** What a row says. Owns the preview's priority and the spoken name of a conversation row. */
import type { TFunction } from 'i18next';
import type { ConversationRow } from '../../../ipc/views.ts';
import { plainText } from '@curlew/shared/lib/markdown.ts';

/** What the second line of a row shows. */
export type Preview =
  | { readonly kind: 'failed' | 'draft'; readonly text: string }
  /** `before`: what it is about and who said it; apart, since the text may run the other way. */
  | { readonly kind: 'message'; readonly before: string; readonly text: string }
  | { readonly kind: 'typing' }
  | { readonly kind: 'empty' };

/** Priority: failed, draft, typing, last message. */
export function previewOf(row: ConversationRow, t: TFunction): Preview {
  const last = row.lastMessage;
  const lastText = last ? (last.text ?? t('list.deleted')) : '';
  if (row.failed > 0) return { kind: 'failed', text: lastText };
  if (row.draft !== null && row.draft.trim() !== '') return { kind: 'draft', text: oneLine(row.draft) };
  if (row.typingNames.length > 0) return { kind: 'typing' };
  if (!last) return { kind: 'empty' };
  const isOfOne = row.kind === 'direct' || row.kind === 'announcement';
  const by = last.isOwn ? t('list.you') : isOfOne ? '' : `${firstName(last.senderName)}:`;
  const before = [...(row.itemId === null ? [] : [row.itemId, '·']), by].join(' ').trim();
  return { kind: 'message', before, text: oneLine(plainText(lastText)) };
}

/** The spoken name: "{name}, {kind}, {n} unread, mentioned, draft, muted, {time}". */
export function rowName(row: ConversationRow, time: string, t: TFunction): string {
  const parts = [row.title, t(`list.kind.${row.kind}`)];
  if (row.unread > 0) parts.push(t('list.nameUnread', { count: row.unread }));
  if (row.mentions > 0) parts.push(t('list.nameMentioned'));
  if (row.failed > 0) parts.push(t('list.nameFailed'));
  if (row.draft !== null && row.draft.trim() !== '') parts.push(t('list.nameDraft'));
  if (row.isMuted) parts.push(t('list.nameMuted'));
  if (row.isPinned) parts.push(t('list.namePinned'));
  if (row.presence) parts.push(t(`presence.${row.presence.state}`));
  if (time !== '') parts.push(time);
  return parts.join(', ');
}

/** Time shown on the row: of the last message. */
export function rowTimeMs(row: ConversationRow): number | null {
  return row.lastMessage?.atMs ?? null;
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').slice(0, 200);
}

function firstName(name: string): string {
  return name.split(/\s+/u)[0] ?? name;
}
