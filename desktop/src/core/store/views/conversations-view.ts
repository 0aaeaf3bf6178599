/**
 * The conversation list: a range of it, and the counts over all. Owns which rows are read again after a change: those
 * of the visible range that the change names; moving rows costs no reading.
 */
import type { ConversationRow, ConversationsMeta, ViewParams } from '../../../ipc/views.ts';
import { splitKey, type AccountReads } from './account-reads.ts';
import { conversationRow } from './conversation-row.ts';
import { narrowingOf } from './list-filters-view.ts';
import type { ListEntry } from './list-index.ts';
import { keyed, type LiveView, type StateOf, type ViewKey } from './view.ts';
import type { VolatileState } from './volatile-state.ts';

const signedOut: ConversationsMeta = {
  total: 0,
  pinned: 0,
  unreadConversations: 0,
  unreadMentions: 0,
  unreadLinked: 0,
  unreadAnnouncements: 0,
  placeName: null,
  isFirstSync: false,
};

/** Opens a range of the list. */
export function conversationsView(
  params: ViewParams<'conversations'>,
  reads: AccountReads | null,
  volatile: VolatileState,
): LiveView<'conversations'> {
  if (!reads) return { noteChange: () => false, query: () => keyed([], signedOut) };
  return new Conversations(params, reads, volatile);
}

interface KnownRow {
  readonly entry: ListEntry;
  readonly row: ConversationRow;
}

class Conversations implements LiveView<'conversations'> {
  readonly #params: ViewParams<'conversations'>;
  readonly #reads: AccountReads;
  readonly #volatile: VolatileState;
  /** Rows of the visible range that are still true, with the entry each was made of. */
  #rows = new Map<string, KnownRow>();
  #isFirstSync = false;

  constructor(params: ViewParams<'conversations'>, reads: AccountReads, volatile: VolatileState) {
    this.#params = params;
    this.#reads = reads;
    this.#volatile = volatile;
  }

  noteChange(key: ViewKey): boolean {
    const [scope, id] = splitKey(key);
    if (id === undefined) return this.#noteGeneral(key);
    switch (scope) {
      case 'conversation':
      case 'messages':
        // Wherever it stands: it may move into the range, and the counts are over all.
        this.#rows.delete(id);
        return true;
      case 'receipts':
      case 'typing':
        return this.#rows.delete(id);
      case 'presence':
        return this.#forgetPeer(id);
      default:
        return false;
    }
  }

  query(): StateOf<'conversations'> {
    const index = this.#reads.list.index();
    this.#isFirstSync = index.total('all') === 0 && !this.#reads.cache.isFirstSyncDone();
    const { filter, offset, limit, kind, orgId, placeId } = this.#params;
    const scope = { kind, orgId, only: narrowingOf(this.#params, this.#reads) };
    const rows = new Map<string, KnownRow>();
    for (const entry of index.page(filter, offset, limit, scope)) {
      const known = this.#rows.get(entry.id);
      const row = known?.entry === entry ? known.row : conversationRow(entry, this.#reads, this.#volatile);
      rows.set(entry.id, { entry, row });
    }
    this.#rows = rows;
    const shown = [...rows].map(([id, { row }]) => [id, row] as const);
    return keyed(shown, {
      total: index.total(filter, scope),
      pinned: index.pinned(filter, scope),
      ...index.counts(scope),
      unreadLinked: index.counts({ kind: 'linked', orgId }).unreadConversations,
      unreadAnnouncements: index.counts({ kind: 'announcement', orgId }).unreadConversations,
      placeName: placeId === undefined ? null : (this.#reads.places.within(placeId, orgId)[0]?.name ?? null),
      isFirstSync: this.#isFirstSync,
    });
  }

  #noteGeneral(key: ViewKey): boolean {
    if (key === 'conversations') return true;
    // A first synchronisation that finds no conversation commits none; its end shows in the connection alone.
    if (key === 'connection') return this.#isFirstSync;
    if (key !== 'people') return false;
    this.#rows.clear();
    return true;
  }

  #forgetPeer(userId: string): boolean {
    let isShown = false;
    for (const [id, { row }] of this.#rows) {
      if (row.peerId === userId) isShown = this.#rows.delete(id) || isShown;
    }
    return isShown;
  }
}
