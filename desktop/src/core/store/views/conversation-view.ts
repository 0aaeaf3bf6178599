/**
 * Header and details of one conversation. Owns the unread divider: it stands where it was when the view was opened.
 */
import { namedPeople } from '@curlew/shared/protocol/ops.ts';
import type { ConversationMeta, MemberRow, ViewParams } from '../../../ipc/views.ts';
import type { AccountReads } from './account-reads.ts';
import {
  conversationRow,
  draftsOf,
  noDrafts,
  identityOf,
  personRow,
  type ConversationIdentity,
} from './conversation-row.ts';
import type { MemberFacts } from './cache-reads.ts';
import { excerptOf } from './message-row.ts';
import type { Overlay } from './overlay.ts';
import { rowless, type LiveView, type StateOf, type ViewKey } from './view.ts';
import type { VolatileState } from './volatile-state.ts';

const unknown: ConversationMeta = {
  exists: false,
  row: null,
  members: [],
  ownRole: null,
  pins: [],
  rules: { messageTtlMs: null, editWindowMs: null, hasReadReceipts: true, mayBeUrgent: false },
  isClosed: false,
  link: null,
  audience: null,
  siteCount: 0,
  ...noDrafts,
  unreadFromSeq: null,
  unreadThreads: [],
  places: [],
  receipts: [],
  countsVersion: null,
  canPost: false,
  canonicalId: null,
};

/** Opens the details of a conversation. */
export function conversationView(
  { conversationId }: ViewParams<'conversation'>,
  reads: AccountReads | null,
  volatile: VolatileState,
): LiveView<'conversation'> {
  if (!reads) return { noteChange: () => false, query: () => rowless(unknown) };
  return new ConversationDetails(conversationId, reads, volatile);
}

class ConversationDetails implements LiveView<'conversation'> {
  readonly #conversationId: string;
  readonly #reads: AccountReads;
  readonly #volatile: VolatileState;
  /** Undefined until the conversation is there to place it in. */
  #unreadFromSeq: number | null | undefined;
  #canonicalId: string;
  #memberIds: ReadonlySet<string> = new Set();
  /** Counted again when people move or the members change. */
  #siteCount: number | null = null;

  constructor(conversationId: string, reads: AccountReads, volatile: VolatileState) {
    this.#conversationId = conversationId;
    this.#reads = reads;
    this.#volatile = volatile;
    this.#canonicalId = conversationId;
  }

  noteChange(key: ViewKey): boolean {
    if (key === 'people' || key === `conversation:${this.#canonicalId}`) this.#siteCount = null;
    if (key === 'people') return true;
    if (key.startsWith('presence:')) return this.#memberIds.has(key.slice('presence:'.length));
    return [this.#conversationId, this.#canonicalId].some(
      (id) =>
        key === `conversation:${id}` ||
        key === `messages:${id}` ||
        key === `receipts:${id}` ||
        key === `typing:${id}`,
    );
  }

  query(): StateOf<'conversation'> {
    const id = this.#reads.canonicalIdOf(this.#conversationId);
    this.#canonicalId = id;
    const { cache, list, outbox, userId } = this.#reads;
    const entry = list.index().find(id);
    const identity = identityOf(this.#reads, id);
    if (!entry || !identity) return rowless({ ...unknown, canonicalId: this.#movedTo(id) });
    if (this.#unreadFromSeq === undefined) this.#unreadFromSeq = list.firstUnread(id);
    const cached = cache.members(id).filter((member) => member.leftSeq === null);
    const overlay = this.#reads.overlay(id, 0);
    const members = membersOf(id, cached, overlay, this.#reads);
    this.#memberIds = new Set(members.keys());
    const countsVersion = cache.isCrowd(id) ? cache.countsVersion(id) : null;
    const own = cache.log(id)?.isGone === 1 ? undefined : members.get(userId);
    const isHeard = identity.kind !== 'announcement' || own?.role === 'owner' || own?.role === 'moderator';
    return rowless({
      exists: true,
      row: conversationRow(entry, this.#reads, this.#volatile),
      members: [...members].map(([memberId, { role, isPending }]) => ({
        ...personRow(memberId, this.#reads, this.#volatile, identity.orgId),
        role,
        isPending,
      })),
      ownRole: own?.role ?? null,
      pins: pinsOf(identity.pins, overlay, this.#reads),
      rules: this.#rulesOf(identity),
      isClosed: identity.isClosed,
      link: identity.link,
      audience: this.#audienceOf(identity),
      siteCount: identity.audience === null ? 0 : this.#sitesReached(id, identity.orgId),
      ...draftsOf(id, id, this.#reads),
      unreadFromSeq: this.#unreadFromSeq,
      unreadThreads: unreadThreads(id, this.#reads),
      places: this.#reads.mentions.places(cache.orgIdOf(id), [...members.keys()]),
      receipts: cached
        .filter((member) => countsVersion === null && member.userId !== userId)
        .map(({ userId: memberId, deliveredSeq, readSeq }) => ({ userId: memberId, deliveredSeq, readSeq })),
      countsVersion,
      canPost:
        own !== undefined && isHeard && !identity.isClosed && outbox.pendingCreate(id)?.state !== 'REJECTED',
      canonicalId: this.#movedTo(id),
    });
  }

  #rulesOf({ orgId, messageTtlMs }: ConversationIdentity): ConversationMeta['rules'] {
    const {
      editWindowMs = null,
      readReceipts = true,
      urgentAnnouncements = false,
    } = this.#reads.cache.policyOf(orgId);
    return { messageTtlMs, editWindowMs, hasReadReceipts: readReceipts, mayBeUrgent: urgentAnnouncements };
  }

  #audienceOf({ orgId, audience }: ConversationIdentity): ConversationMeta['audience'] {
    if (audience === null) return null;
    const { scope, id } = audience;
    return { scope, name: this.#reads.cache.nameOfPlace(orgId, `${scope}:${id}`) };
  }

  #sitesReached(id: string, orgId: string): number {
    this.#siteCount ??= this.#reads.cache.sitesOfMembers(id, orgId);
    return this.#siteCount;
  }

  #movedTo(id: string): string | null {
    return id === this.#conversationId ? null : id;
  }
}

/** Followed threads with unread replies, the one with the newest message first. */
function unreadThreads(id: string, reads: AccountReads): ConversationMeta['unreadThreads'] {
  return reads.list
    .threads(id)
    .toSorted((a, b) => b.readSeq - a.readSeq)
    .map(({ rootId, unread, mentions }) => {
      const text = reads.cache.message(rootId)?.text;
      return { rootId, unread, mentions, excerpt: text == null ? null : excerptOf(text) };
    });
}

interface Membership {
  readonly role: MemberRow['role'];
  readonly isPending: boolean;
}

/** Who is in a conversation, with what waits in the outbox. Before the server confirmed a creation: those it names. */
function membersOf(
  id: string,
  cached: readonly MemberFacts[],
  overlay: Overlay,
  reads: AccountReads,
): ReadonlyMap<string, Membership> {
  const members = new Map<string, Membership>();
  for (const { userId, role } of cached) members.set(userId, { role, isPending: false });
  const create = members.size === 0 ? reads.outbox.pendingCreate(id)?.op : undefined;
  if (create?.kind === 'conversation.create') {
    const isOwned = create.conversationKind !== 'direct';
    members.set(reads.userId, { role: isOwned ? 'owner' : 'member', isPending: isOwned });
    for (const userId of namedPeople(create)) {
      if (!members.has(userId)) members.set(userId, { role: 'member', isPending: isOwned });
    }
  }
  for (const { op } of overlay.settings) {
    if (op.kind === 'member.add' && !members.has(op.userId))
      members.set(op.userId, { role: op.role, isPending: true });
    if (op.kind === 'member.role' && members.has(op.userId))
      members.set(op.userId, { role: op.role, isPending: true });
    if (op.kind === 'member.remove') members.delete(op.userId);
  }
  return members;
}

/** Pinned messages this device holds, with pins that wait in the outbox. */
function pinsOf(cached: readonly string[], overlay: Overlay, reads: AccountReads): ConversationMeta['pins'] {
  let pins = [...cached];
  for (const { op } of overlay.settings) {
    const pin = op.kind === 'conversation.update' ? op.pin : undefined;
    if (!pin) continue;
    pins = pins.filter((messageId) => messageId !== pin.messageId);
    if (pin.on) pins.unshift(pin.messageId);
  }
  return pins.flatMap((messageId) => {
    const message = reads.cache.message(messageId);
    if (!message || message.text === null) return [];
    return [
      { messageId, excerpt: excerptOf(message.text), senderName: reads.people.nameOf(message.senderId) },
    ];
  });
}
