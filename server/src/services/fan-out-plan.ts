/**
 * Who hears of a commit. Owns the rule that an event goes to a member list at least as new as the commit, never to
 * somebody who may not see it: neither those who left, nor those who joined after it, nor with its content those who
 * may not see the message it is about.
 */
import { limits } from '@curlew/shared/domain/limits.ts';
import { orgEntrySchemas } from '@curlew/shared/domain/entries.ts';
import type { Envelope, LogKind } from '@curlew/shared/domain/event.ts';
import type { ConversationAccess, ConversationStanding } from '../repositories/access-repository.ts';
import type { MembershipCache } from './membership-cache.ts';
import type { FanOut, ReceiptMove, ThreadReadMove } from './service-types.ts';

/** An event together with the position of the message it is about. */
export interface CommittedEvent {
  readonly envelope: Envelope;
  /** createSeq of the message concerned; null when it is about none */
  readonly targetSeq: number | null;
}

/** Plans the sending of one log's new events, in order of seq. */
export async function planFanOut(
  kind: LogKind,
  logId: string,
  events: readonly CommittedEvent[],
  cache: MembershipCache,
): Promise<readonly FanOut[]> {
  const memberVersion = Math.max(...events.map(({ envelope }) => envelope.memberVersion));
  const base = { logId, kind, memberVersion, receipts: [], ...membershipHints(events) };
  const envelopes = events.map(({ envelope }) => envelope);
  if (kind === 'account') return [{ ...base, memberIds: [logId], events: envelopes }];
  if (kind === 'org') {
    const org = await cache.org(logId, memberVersion);
    const memberIds = [...(org?.members ?? [])]
      .filter(([, standing]) => standing.isActive)
      .map(([userId]) => userId);
    const audience = { orgId: logId, scope: 'org' as const, id: logId };
    return [{ ...base, memberIds, audience, events: envelopes }];
  }
  const conversation = await cache.conversation(logId, memberVersion);
  return conversation ? planConversation(conversation, events, base) : [];
}

/**
 * Plans the sending of a moved watermark: the real one to the person's own devices, the shared one to the others who may
 * know of it, or word to those who look that a crowd's counts moved.
 */
export async function planReceipt(
  move: ReceiptMove,
  sharedReadSeq: number | undefined,
  memberVersion: number,
  cache: MembershipCache,
): Promise<readonly FanOut[]> {
  const base = { logId: move.conversationId, kind: 'conversation' as const, memberVersion };
  const nothing = { events: [], receipts: [], added: [], removed: [] };
  const own = { ...base, ...nothing, memberIds: [move.userId], receipts: [move] };
  if (sharedReadSeq === undefined) return [own];
  const conversation = await cache.conversation(move.conversationId, memberVersion);
  if (!conversation) return [own];
  const present = [...conversation.members.values()].filter((standing) => standing.isActive);
  if (present.length > limits.receiptMembers) {
    return [own, { ...base, ...nothing, memberIds: [], areCountsMoved: true }];
  }
  const others = present
    .filter((standing) => standing.userId !== move.userId && hearsReceipts(conversation, standing))
    .map((standing) => standing.userId);
  // What was read in private is told to nobody, as a beginning neither.
  const shared = { ...move, readSeq: sharedReadSeq, fromReadSeq: Math.min(move.fromReadSeq, sharedReadSeq) };
  return [own, { ...base, ...nothing, memberIds: others, receipts: [shared] }];
}

/** Plans the sending of a thread's read position: to the person's own devices. */
export function planThreadRead(userId: string, move: ThreadReadMove, memberVersion: number): FanOut {
  const nothing = { events: [], receipts: [], added: [], removed: [] };
  const logId = move.conversationId;
  return { logId, kind: 'conversation', memberVersion, memberIds: [userId], ...nothing, threadReads: [move] };
}

function planConversation(
  conversation: ConversationAccess,
  events: readonly CommittedEvent[],
  base: Omit<FanOut, 'memberIds' | 'events'>,
): readonly FanOut[] {
  const whole: string[] = [];
  const parts = new Map<string, { readonly memberIds: string[]; readonly events: readonly Envelope[] }>();
  for (const standing of conversation.members.values()) {
    if (!standing.isActive) continue;
    const cut = seesAll(standing) ? undefined : cutFor(standing, events);
    if (!cut || cut.isWhole) whole.push(standing.userId);
    else if (cut.events.length > 0) {
      // Most who see a part see the same one: they share a frame, as everybody else does.
      const part = parts.get(cut.key) ?? { memberIds: [], events: cut.events };
      part.memberIds.push(standing.userId);
      parts.set(cut.key, part);
    }
  }
  const everything = events.map(({ envelope }) => envelope);
  const { audience, orgId } = conversation;
  const reached = audience ? { audience: { ...audience, orgId } } : {};
  return [
    { ...base, ...reached, memberIds: whole, events: everything },
    ...[...parts.values()].map((part) => ({ ...base, added: [], removed: [], ...part })),
  ];
}

/** A member from the start, as most are. */
function seesAll({ visible }: ConversationStanding): boolean {
  return visible.length === 1 && visible[0]?.from === 1;
}

/** What somebody gets of these events: those they see, without content where they do not see what an event is about. */
function cutFor(
  standing: ConversationStanding,
  events: readonly CommittedEvent[],
): { readonly isWhole: boolean; readonly key: string; readonly events: readonly Envelope[] } {
  const seen = events.filter(({ envelope }) => sees(standing, envelope.seq));
  const cut = seen.map((event) => withheld(standing, event));
  const isWithheld = cut.map((envelope, at) => envelope !== seen[at]?.envelope);
  return {
    isWhole: seen.length === events.length && !isWithheld.includes(true),
    key: cut.map(({ seq }, at) => `${seq}${isWithheld[at] ? '-' : '+'}`).join(),
    events: cut,
  };
}

/** Whether somebody in a conversation may know how far the others got: of announcements those who run the channel. */
export function hearsReceipts(
  { kind }: Pick<ConversationAccess, 'kind'>,
  { role, isActive }: Pick<ConversationStanding, 'role' | 'isActive'>,
): boolean {
  return isActive && (kind !== 'announcement' || role !== 'member');
}

/** Whether a position lies in what a person may see. */
export function sees(standing: Pick<ConversationStanding, 'visible'>, seq: number): boolean {
  return standing.visible.some(({ from, to }) => from <= seq && (to === null || seq <= to));
}

function withheld(standing: ConversationStanding, { envelope, targetSeq }: CommittedEvent): Envelope {
  return sees(standing, targetSeq ?? envelope.seq) ? envelope : { ...envelope, payload: null };
}

/** Whose set of logs an event changed. */
function membershipHints(events: readonly CommittedEvent[]): { added: string[]; removed: string[] } {
  const added: string[] = [];
  const removed: string[] = [];
  for (const { envelope } of events) {
    const payload = (envelope.payload ?? {}) as {
      userId?: string;
      members?: { userId: string }[];
      key?: string;
      value?: unknown;
    };
    if (envelope.type === 'conversation:updated')
      added.push(...(payload.members ?? []).map((member) => member.userId));
    if (envelope.type === 'member:joined' && payload.userId) added.push(payload.userId);
    if (envelope.type === 'member:left' && payload.userId) removed.push(payload.userId);
    if (envelope.type === 'org:updated' && payload.key?.startsWith('role:')) {
      const isOut = payload.value === null || orgEntrySchemas.role.safeParse(payload.value).data?.deactivated;
      (isOut ? removed : added).push(payload.key.slice('role:'.length));
    }
  }
  return { added, removed };
}
