/**
 * One thread: the message it hangs on and its replies, as far as this device holds them, with what waits in the outbox.
 * Owns what stands in it; how one row looks is `message-row.ts`.
 */
import type { Message } from '@curlew/shared/domain/message.ts';
import type { MessageRow } from '../../../ipc/message-rows.ts';
import type { ViewParams } from '../../../ipc/views.ts';
import type { AccountReads } from './account-reads.ts';
import { draftsOf, noDrafts } from './conversation-row.ts';
import { cachedRow, pendingRow } from './message-row.ts';
import type { ItemOf, Overlay } from './overlay.ts';
import { rowContext } from './row-context.ts';
import { keyed, type LiveView, type StateOf, type ViewKey } from './view.ts';

/** Opens a thread. */
export function threadView(params: ViewParams<'thread'>, reads: AccountReads | null): LiveView<'thread'> {
  const { conversationId, rootId } = params;
  if (!reads)
    return {
      noteChange: () => false,
      query: () => keyed([], { conversationId, rootId, hasOlder: false, unreadFromSeq: null, ...noDrafts }),
    };
  return new Thread(params, reads);
}

class Thread implements LiveView<'thread'> {
  readonly #params: ViewParams<'thread'>;
  readonly #reads: AccountReads;
  /** Where the divider stands while the thread is open; undefined until there is anything to place it in. */
  #unreadFromSeq: number | null | undefined;

  constructor(params: ViewParams<'thread'>, reads: AccountReads) {
    this.#params = params;
    this.#reads = reads;
  }

  noteChange(key: ViewKey): boolean {
    const { conversationId, rootId } = this.#params;
    // Its draft goes by its root.
    if (key === `conversation:${rootId}`) return true;
    return [conversationId, this.#reads.canonicalIdOf(conversationId)].some(
      (id) => key === `messages:${id}` || key === `conversation:${id}` || key === `receipts:${id}`,
    );
  }

  query(): StateOf<'thread'> {
    const { conversationId, rootId, limit } = this.#params;
    const id = this.#reads.canonicalIdOf(conversationId);
    const overlay = this.#reads.overlay(id, limit);
    const cached = this.#reads.messages.replies(id, rootId, limit + 1);
    const replies = cached.slice(-limit);
    const root = this.#reads.cache.message(rootId);
    const pendingRoot = overlay.sends.find((send) => send.op.opId === rootId);
    const pending = overlay.replies.filter((send) => send.op.threadRootId === rootId);
    const rows = rowsOf(
      [...(root ? [root] : []), ...replies],
      [...(pendingRoot && !root ? [pendingRoot] : []), ...pending],
      overlay,
      id,
      this.#reads,
    );
    if (root && this.#unreadFromSeq === undefined) this.#unreadFromSeq = this.#firstUnread(id, replies);
    const unreadFromSeq = this.#unreadFromSeq ?? null;
    return keyed(rows, {
      conversationId: id,
      rootId,
      hasOlder: cached.length > limit,
      unreadFromSeq,
      ...draftsOf(rootId, id, this.#reads),
    });
  }

  #firstUnread(conversationId: string, replies: readonly Message[]): number | null {
    const thread = this.#reads.list.threads(conversationId).find((it) => it.rootId === this.#params.rootId);
    if (!thread) return null;
    const first = replies.find(
      (reply) => reply.createSeq > thread.readSeq && reply.senderId !== this.#reads.userId,
    );
    return first?.createSeq ?? null;
  }
}

function rowsOf(
  messages: readonly Message[],
  sends: readonly ItemOf<'message.send'>[],
  overlay: Overlay,
  conversationId: string,
  reads: AccountReads,
): readonly (readonly [string, MessageRow])[] {
  // What hangs on a thread's messages is this thread alone.
  const context = rowContext(conversationId, [], overlay, reads);
  return [
    ...messages.map((message): readonly [string, MessageRow] => [
      message.id,
      cachedRow(message, overlay.changesOf(message.id), context),
    ]),
    ...sends.map((send): readonly [string, MessageRow] => [
      send.op.opId,
      pendingRow(send, overlay.changesOf(send.op.opId), context),
    ]),
  ];
}
