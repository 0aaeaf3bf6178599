/**
 * Which conversation an op names, and how it is re-addressed when that conversation turns out to have another id.
 * Pure. Owns the list of places where an id stands.
 */
import { parseEntryKey } from '@curlew/shared/domain/entries.ts';
import type { Op } from '@curlew/shared/protocol/ops.ts';
import type { ChangedKey } from '../store/store-types.ts';

/** Account keys that end in a conversation's id. */
const CONVERSATION_KEYS = new Set(['draft', 'pin', 'mute', 'archive', 'unread', 'notify']);

/** The conversation an op speaks about, or undefined for profile and status. */
export function conversationOf(op: Op): string | undefined {
  if (op.kind === 'org.set') return undefined;
  if (op.kind !== 'account.set') return op.logId;
  const key = parseEntryKey(op.key);
  if (key && CONVERSATION_KEYS.has(key.prefix)) return key.id;
  return valueConversation(op.value);
}

/**
 * The same op with `from` replaced by `to` wherever it names a conversation. Returns the very op when it does not name it.
 * Never for a `conversation.create`: its id is the question the server answers.
 */
export function readdress(op: Op, from: string, to: string): Op {
  if (op.kind === 'conversation.create' || conversationOf(op) !== from) return op;
  if (op.kind !== 'account.set') return { ...op, logId: to };
  const key = parseEntryKey(op.key);
  if (key && CONVERSATION_KEYS.has(key.prefix)) return { ...op, key: `${key.prefix}:${to}` };
  return { ...op, value: { ...(op.value as object), conversationId: to } };
}

/** Keys of the views that show an op. */
export function changedKeysOf(op: Op): readonly ChangedKey[] {
  if (op.kind === 'org.set') return ['outbox', 'people'];
  const conversationId = conversationOf(op);
  if (isKept(op)) return ['outbox', 'kept'];
  if (conversationId === undefined) return ['outbox', 'session'];
  return ['outbox', 'conversations', `conversation:${conversationId}`, `messages:${conversationId}`];
}

/** Whether an op is about a scheduled or saved message, which no timeline shows. */
function isKept(op: Op): boolean {
  const prefix = op.kind === 'account.set' ? parseEntryKey(op.key)?.prefix : undefined;
  return prefix === 'scheduled' || prefix === 'saved';
}

function valueConversation(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('conversationId' in value)) return undefined;
  return typeof value.conversationId === 'string' ? value.conversationId : undefined;
}
