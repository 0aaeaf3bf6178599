/**
 * What an op does to a log: the event it becomes, nothing, or a refusal. Pure functions of the log, written from the
 * protocol's text. Imports nothing of production.
 */
import { conversationAt, messagesOf } from './oracle-fold.ts';
import { isOpen, refusalOf } from './oracle-members.ts';
import type { Json, OracleLog } from './oracle-types.ts';

/** The emoji that acknowledges an announcement. */
const ACKNOWLEDGEMENT = '☑️';

/** The event an op becomes; or why it is refused; or that everything is so already. */
export type Outcome =
  { readonly type: string; readonly payload: Json } | { readonly code: string } | 'unchanged';

/** Judges an op that addresses a log which should be there. */
export function outcomeOf(
  log: OracleLog | undefined,
  userId: string,
  op: Json,
  isColleague: (userId: string) => boolean,
): Outcome {
  const code = refusalOf(log, userId, op, isColleague);
  if (code !== undefined) return { code };
  if (!log) return { code: 'NOT_FOUND' };
  switch (op['kind']) {
    case 'account.set':
      return { type: 'account:updated', payload: { key: op['key'], value: op['value'] ?? null } };
    case 'message.send':
      return sent(log, op);
    case 'conversation.update':
      return updated(log, userId, op);
    case 'member.add':
    case 'member.remove':
    case 'member.role':
      return memberChanged(log, op);
    default:
      return messageChanged(log, userId, op);
  }
}

function sent(log: OracleLog, op: Json): Outcome {
  const { opId: messageId, text, replyTo, threadRootId, mentions, extras, composedAt } = op;
  const rows = messagesOf(log);
  if (rows.has(String(messageId))) return { code: 'ID_TAKEN' };
  const isThere = (id: unknown): boolean => rows.has(String(id)) && !rows.get(String(id))?.notices;
  if (typeof replyTo === 'string' && !isThere(replyTo)) return { code: 'TARGET_MISSING' };
  // One level: a reply in a thread starts none of its own.
  const root = rows.get(String(threadRootId));
  if (threadRootId !== undefined && (root?.threadRootId !== null || root.notices))
    return { code: 'TARGET_MISSING' };
  const payload = { messageId, text, replyTo, threadRootId, mentions, extras, composedAt };
  return { type: 'message:new', payload };
}

function messageChanged(log: OracleLog, userId: string, op: Json): Outcome {
  const { messageId, text, mentions, emoji, on } = op;
  const message = messagesOf(log).get(String(messageId));
  const mine = log.standings.get(userId);
  if (!message || message.notices || !mine || !isOpen(mine, message.createSeq))
    return { code: 'TARGET_MISSING' };
  const isOwn = message.senderId === userId;
  switch (op['kind']) {
    case 'message.edit':
      if (!isOwn) return { code: 'FORBIDDEN' };
      if (message.deletedAt !== null) return { code: 'TARGET_DELETED' };
      return { type: 'message:edited', payload: { messageId, text, mentions, overwrote: false } };
    case 'message.delete': {
      const mayModerate = mine.role === 'owner' || mine.role === 'moderator';
      if (!isOwn && !mayModerate) return { code: 'FORBIDDEN' };
      if (message.deletedAt !== null) return 'unchanged';
      return { type: 'message:deleted', payload: { messageId, threadRootId: message.threadRootId } };
    }
    case 'reaction.set': {
      if (message.deletedAt !== null) return { code: 'TARGET_DELETED' };
      // Whoever has confirmed an announcement has.
      if (on === false && emoji === ACKNOWLEDGEMENT && message.extras['requiresAck'] === true)
        return { code: 'FORBIDDEN' };
      const isOn = message.reactions.some((it) => it.userId === userId && it.emoji === emoji);
      return isOn === on ? 'unchanged' : { type: 'reaction:set', payload: { messageId, emoji, on } };
    }
    default:
      return { code: 'BAD_REQUEST' };
  }
}

function updated(log: OracleLog, userId: string, op: Json): Outcome {
  const settings = conversationAt(log.events, log.events.length)?.settings ?? {};
  const mine = log.standings.get(userId);
  const pin = op['pin'] as { messageId: string; on: boolean } | undefined;
  const before = settings['pins'] as string[];
  let pins = before.filter((id) => id !== pin?.messageId);
  if (pin?.on) {
    const message = messagesOf(log).get(pin.messageId);
    if (
      !message ||
      message.notices ||
      message.deletedAt !== null ||
      !mine ||
      !isOpen(mine, message.createSeq)
    )
      return { code: 'TARGET_MISSING' };
    // Pinning what is pinned changes nothing, not even its place.
    pins = before.includes(pin.messageId) ? before : [pin.messageId, ...pins];
  }
  const title = op['title'] ?? settings['title'];
  const isClosed = op['isClosed'] ?? settings['isClosed'];
  const messageTtlMs = op['messageTtlMs'] === undefined ? settings['messageTtlMs'] : op['messageTtlMs'];
  const linkBefore = settings['link'] as Json | null;
  // Which item it is stays.
  const link =
    op['link'] && linkBefore
      ? { ...(op['link'] as Json), type: linkBefore['type'], id: linkBefore['id'] }
      : linkBefore;
  const isLinkSame = canonicalOf(link) === canonicalOf(linkBefore);
  const changes = [
    ...(isClosed === settings['isClosed'] ? [] : [{ kind: 'closed', isClosed }]),
    ...(title === settings['title'] ? [] : [{ kind: 'title', title }]),
    ...(link?.['status'] === linkBefore?.['status'] ? [] : [{ kind: 'status', status: link?.['status'] }]),
    ...(messageTtlMs === settings['messageTtlMs'] ? [] : [{ kind: 'ttl', messageTtlMs }]),
    ...(pins.join() === before.join() ? [] : [{ kind: 'pin', ...pin }]),
  ];
  if (changes.length === 0 && isLinkSame) return 'unchanged';
  const after = { ...settings, created: false, title, pins, link, isClosed, messageTtlMs, changes };
  return { type: 'conversation:updated', payload: after };
}

function canonicalOf(link: Json | null): string {
  return JSON.stringify(Object.entries(link ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function memberChanged(log: OracleLog, op: Json): Outcome {
  const { userId, role } = op;
  const standing = log.standings.get(String(userId));
  const isIn = standing?.leftSeq === null;
  switch (op['kind']) {
    case 'member.add':
      return isIn ? 'unchanged' : { type: 'member:joined', payload: { userId, role } };
    case 'member.remove':
      return isIn ? { type: 'member:left', payload: { userId } } : 'unchanged';
    default:
      return standing?.role === role ? 'unchanged' : { type: 'member:role', payload: { userId, role } };
  }
}
