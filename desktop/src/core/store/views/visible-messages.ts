/**
 * Cached messages a person sees: without those deleted for me, be it long ago or a moment ago on this device. Owns that
 * rule for ranges; the overlay of pending sends and changes comes on top (`overlay.ts`).
 */
import type { Message } from '@curlew/shared/domain/message.ts';
import type { AccountEntries } from './account-entries.ts';
import type { CacheReads } from './cache-reads.ts';

/** See the head of this file. */
export class VisibleMessages {
  readonly #cache: CacheReads;
  readonly #entries: AccountEntries;

  constructor(cache: CacheReads, entries: AccountEntries) {
    this.#cache = cache;
    this.#entries = entries;
  }

  /** The newest `limit` at or below a position, oldest first. */
  older(conversationId: string, seq: number, limit: number): readonly Message[] {
    const { hidden, shown } = this.#entries.pendingHidden(conversationId);
    const messages = this.#cache.older(conversationId, seq, limit + hidden.size, shown);
    return messages.filter(({ id }) => !hidden.has(id)).slice(-limit);
  }

  /** The newest that a person wrote, which is what a list shows of a conversation. */
  newest(conversationId: string): Message | undefined {
    const { hidden, shown } = this.#entries.pendingHidden(conversationId);
    return this.#cache.newest(conversationId, 1 + hidden.size, shown).find(({ id }) => !hidden.has(id));
  }

  /** The newest `limit` replies of a thread, oldest first. */
  replies(conversationId: string, rootId: string, limit: number): readonly Message[] {
    const { hidden, shown } = this.#entries.pendingHidden(conversationId);
    const messages = this.#cache.replies(rootId, limit + hidden.size, shown);
    return messages.filter(({ id }) => !hidden.has(id)).slice(-limit);
  }

  /** The oldest `limit` above a position, oldest first. */
  newer(conversationId: string, seq: number, limit: number): readonly Message[] {
    const { hidden, shown } = this.#entries.pendingHidden(conversationId);
    const messages = this.#cache.newer(conversationId, seq, limit + hidden.size, shown);
    return messages.filter(({ id }) => !hidden.has(id)).slice(0, limit);
  }
}
