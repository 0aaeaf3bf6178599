/**
 * Header and details of one conversation. Owns the unread divider: it stands where it was when the view was opened.
 */
import type { ConversationMeta, ViewParams } from '../../../ipc/views.ts';
import type { AccountReads } from './account-reads.ts';
import { conversationRow, draftOf, identityOf, personRow } from './conversation-row.ts';
import { rowless, type LiveView, type StateOf, type ViewKey } from './view.ts';
import type { VolatileState } from './volatile-state.ts';

const unknown: ConversationMeta = {
  exists: false,
  row: null,
  members: [],
  draft: null,
  unreadFromSeq: null,
  receipts: [],
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

  constructor(conversationId: string, reads: AccountReads, volatile: VolatileState) {
    this.#conversationId = conversationId;
    this.#reads = reads;
    this.#volatile = volatile;
    this.#canonicalId = conversationId;
  }

  noteChange(key: ViewKey): boolean {
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
    // Before the server confirmed the creation there are no members yet but the two it names.
    const memberIds =
      cached.length > 0
        ? cached.map((member) => member.userId)
        : [userId, ...(identity.peerId === null || identity.peerId === userId ? [] : [identity.peerId])];
    this.#memberIds = new Set(memberIds);
    const isMember = memberIds.includes(userId) && cache.log(id)?.isLeft !== 1;
    return rowless({
      exists: true,
      row: conversationRow(entry, this.#reads, this.#volatile),
      members: memberIds.map((memberId) => personRow(memberId, this.#reads, this.#volatile)),
      draft: draftOf(id, this.#reads),
      unreadFromSeq: this.#unreadFromSeq,
      receipts: cached
        .filter((member) => member.userId !== userId)
        .map(({ userId: memberId, deliveredSeq, readSeq }) => ({ userId: memberId, deliveredSeq, readSeq })),
      canPost: isMember && outbox.pendingCreate(id)?.state !== 'REJECTED',
      canonicalId: this.#movedTo(id),
    });
  }

  #movedTo(id: string): string | null {
    return id === this.#conversationId ? null : id;
  }
}
