/** What can be done with the item a conversation is linked to, wherever it is shown. */
import { errorText, translate } from '../i18n/index.ts';
import type { WindowCommand } from '../../ipc/bridge.ts';
import { invoke } from './bridge.ts';
import { openConversation, showSection, startConversation } from './navigation.ts';
import { showToast } from './toast.ts';

/** The host an address leads to, as a person reads it. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** Opens an item in the browser; the main process checks its scheme. */
export async function openItem(url: string): Promise<void> {
  const result = await invoke('app.openExternal', { url });
  if (!result.ok) showToast({ text: translate()('linked.refused') });
}

/** Copies the address of an item. */
export async function copyItem(url: string): Promise<void> {
  const result = await invoke('app.copyText', { text: url });
  if (result.ok) showToast({ text: translate()('linked.copied') });
}

/**
 * Opens the conversation of the item a link named. When this device knows none, the dialog of a new one opens with
 * what the link says; a link by itself writes nothing.
 */
export async function openItemOf({
  type,
  id,
  orgId,
  create,
}: Extract<WindowCommand, { name: 'openItem' }>): Promise<void> {
  const result = await invoke('linked.open', { orgId, type, id, create: null });
  if (!result.ok) return showToast({ text: errorText(result.error) });
  if (result.value.conversationId !== null) {
    showSection('chats');
    return openConversation(result.value.conversationId);
  }
  startConversation({
    kind: 'linked',
    item: { type, id, title: create?.title ?? '', url: create?.url ?? '' },
  });
}

/** Ends a conversation for everybody in it, or opens it again. */
export async function setClosed(conversationId: string, isClosed: boolean): Promise<void> {
  const result = await invoke('conversation.setClosed', { conversationId, isClosed });
  if (!result.ok) showToast({ text: translate()('linked.refusedChange') });
}
