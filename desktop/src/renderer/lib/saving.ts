/** Saving a message and taking that back, with word of a refusal. */
import { errorText, translate } from '../i18n/index.ts';
import { invoke } from './bridge.ts';
import { showToast } from './toast.ts';

/** Resolves to whether it was done. */
export async function setMessageSaved(
  conversationId: string,
  messageId: string,
  on: boolean,
): Promise<boolean> {
  const result = await invoke('message.save', { conversationId, messageId, on });
  if (!result.ok) showToast({ text: translate()('later.refused', { reason: errorText(result.error) }) });
  return result.ok;
}
