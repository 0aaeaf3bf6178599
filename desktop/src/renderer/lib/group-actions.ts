/** Changes of a group, wherever they are offered. They show at once and are taken back when refused; a refusal by this device becomes a toast. */
import { errorText, translate } from '../i18n/index.ts';
import type { IntentRequest } from '../../ipc/intents.ts';
import { invoke } from './bridge.ts';
import { showToast } from './toast.ts';

/** Changes that differ in what they carry only. */
type GroupChange = 'group.rename' | 'group.add' | 'group.remove' | 'group.setRole';

/** Makes a change of a group; resolves to whether this device took it. */
export async function changeGroup<I extends GroupChange>(
  change: I,
  request: IntentRequest<I>,
): Promise<boolean> {
  const result = await invoke(change, request);
  if (!result.ok) showToast({ text: translate()('group.refused', { reason: errorText(result.error) }) });
  return result.ok;
}

/** Pins a message for everybody in the conversation, or takes the pin off. */
export async function setMessagePinned(
  conversationId: string,
  messageId: string,
  on: boolean,
): Promise<void> {
  const result = await invoke('message.pin', { conversationId, messageId, on });
  if (!result.ok) showToast({ text: translate()(on ? 'pins.refusedPin' : 'pins.refusedUnpin') });
}
