/**
 * The timeline of a conversation: a window of messages and holes, merged from cache and outbox. Owns what is in the
 * window; how one row looks is `message-row.ts`. Its cost depends on the window, never on the length of the history.
 */
import type { Message } from '@curlew/shared/domain/message.ts';
import type { Interval } from '@curlew/shared/lib/intervals.ts';
import type { TimelineRow } from '../../../ipc/message-rows.ts';
import type { HoleRow, TimelineMeta } from '../../../ipc/timeline-rows.ts';
import type { ViewParams } from '../../../ipc/views.ts';
import type { AccountReads } from './account-reads.ts';
import type { LogFacts } from './cache-reads.ts';
import { cachedRow, pendingRow } from './message-row.ts';
import { noticeRow } from './notice-row.ts';
import { rowContext } from './row-context.ts';
import type { ItemOf, Overlay } from './overlay.ts';
import { chooseAround, holesOf } from './timeline-window.ts';
import { keyed, type LiveView, type StateOf, type ViewKey } from './view.ts';
import type { VolatileState } from './volatile-state.ts';

/** What views ask for when the cache lacks something on screen. Answers come as commits. */
export interface HistoryRequests {
  /**
   * A hole came on screen, or what is left of it moved. Asked once for each range, not again after a failure.
   */
  requestHole(conversationId: string, lo: number, hi: number): void;
  /** A message to jump to is not on this device: the page around it is wanted. */
  requestMessage(conversationId: string, messageId: string): void;
}

type Send = ItemOf<'message.send'>;
type Params = ViewParams<'timeline'>;

const emptyState: StateOf<'timeline'>['meta'] = {
  conversationId: '',
  hasOlder: false,
  hasNewer: false,
  tailSeq: 0,
  isFirstLoad: false,
  inThread: null,
};

/** Opens a timeline. */
export function timelineView(
  params: Params,
  reads: AccountReads | null,
  volatile: VolatileState,
  history: HistoryRequests,
): LiveView<'timeline'> {
  return reads ? new Timeline(params, reads, volatile, history) : noTimeline(params);
}

function noTimeline({ conversationId }: Params): LiveView<'timeline'> {
  return { noteChange: () => false, query: () => keyed([], { ...emptyState, conversationId }) };
}

/** What a window is made of before it becomes rows. */
interface Window {
  readonly messages: readonly Message[];
  readonly sends: readonly Send[];
  readonly holes: readonly Interval[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly newerMs: number | null;
}

class Timeline implements LiveView<'timeline'> {
  readonly #params: Params;
  readonly #reads: AccountReads;
  readonly #volatile: VolatileState;
  readonly #history: HistoryRequests;
  #canonicalId: string;
  readonly #asked = new Set<string>();
  #hasHoles = false;

  constructor(params: Params, reads: AccountReads, volatile: VolatileState, history: HistoryRequests) {
    this.#params = params;
    this.#reads = reads;
    this.#volatile = volatile;
    this.#history = history;
    this.#canonicalId = params.conversationId;
  }

  noteChange(key: ViewKey): boolean {
    if (key === 'people') return true;
    if (key === 'connection') return this.#hasHoles;
    return [this.#params.conversationId, this.#canonicalId].some(
      (id) =>
        key === `messages:${id}` ||
        key === `conversation:${id}` ||
        key === `receipts:${id}` ||
        key === `history:${id}`,
    );
  }

  query(): StateOf<'timeline'> {
    const id = this.#reads.canonicalIdOf(this.#params.conversationId);
    this.#canonicalId = id;
    const log = this.#reads.cache.log(id);
    const overlay = this.#reads.overlay(id, this.#params.limit);
    const window = this.#window(id, log, overlay);
    const isFirstLoad = log !== undefined && log.tail === 0 && log.head > 0;
    this.#request(id, isFirstLoad ? [{ lo: 1, hi: log.head }] : window.holes);
    return keyed(this.#rows(window, overlay), {
      conversationId: id,
      hasOlder: window.hasOlder,
      hasNewer: window.hasNewer,
      tailSeq: log?.tail ?? 0,
      isFirstLoad: isFirstLoad && window.sends.length === 0,
      inThread: this.#inThread(),
    });
  }

  // Around the wanted position; without one, at the end, where whatever waits stands last.
  #window(id: string, log: LogFacts | undefined, overlay: Overlay): Window {
    const { limit } = this.#params;
    const position = this.#position(id, overlay);
    const seq = position ?? Number.MAX_SAFE_INTEGER;
    const arrived = position === undefined ? [] : this.#reads.messages.newer(id, seq, limit + 1);
    const sends = overlay.sends.slice(-limit);
    const chosen = chooseAround<Message, Message | Send>({
      older: this.#reads.messages.older(id, seq, limit + 1),
      newer: arrived.length > limit ? arrived : [...arrived, ...sends],
      limit,
      olderShare: position === undefined ? 0 : Math.ceil(limit / 2),
    });
    const isSend = (item: Message | Send): item is Send => 'op' in item;
    const neighbour = chosen.newerNeighbour;
    const newerMessage = neighbour === undefined || isSend(neighbour) ? undefined : neighbour;
    const holes = log
      ? holesOf({
          coverage: this.#reads.cache.coverage(id),
          tail: log.tail,
          floorSeq: log.floorSeq,
          olderSeq: chosen.olderNeighbour?.createSeq,
          newerSeq: newerMessage?.createSeq,
        })
      : [];
    const messages = [...chosen.older, ...chosen.newer.filter((item): item is Message => !isSend(item))];
    const firstSeq = messages[0]?.createSeq ?? Number.MAX_SAFE_INTEGER;
    return {
      messages,
      sends: chosen.newer.filter(isSend),
      holes,
      hasOlder: chosen.olderNeighbour !== undefined || holes.some(({ lo }) => lo < firstSeq),
      hasNewer: neighbour !== undefined,
      newerMs: newerMessage?.createdAt ?? null,
    };
  }

  #position(id: string, overlay: Overlay): number | undefined {
    const { at } = this.#params;
    if (at.kind === 'end') return undefined;
    if (at.kind === 'seq') return at.seq;
    const seq = this.#reads.cache.seqOf(at.messageId);
    // What waits stands at the end; what is not here is shown there too until its page has come.
    const isWaiting = overlay.sends.some(({ opId }) => opId === at.messageId);
    if (seq === undefined && !isWaiting) {
      this.#ask(at.messageId, () => this.#history.requestMessage(id, at.messageId));
    }
    return seq;
  }

  #inThread(): TimelineMeta['inThread'] {
    const { at } = this.#params;
    if (at.kind !== 'message') return null;
    const rootId = this.#reads.cache.message(at.messageId)?.threadRootId;
    return rootId == null ? null : { rootId, messageId: at.messageId };
  }

  #request(id: string, holes: readonly Interval[]): void {
    this.#hasHoles = holes.length > 0;
    for (const { lo, hi } of holes) {
      this.#ask(`${id} ${lo}-${hi}`, () => this.#history.requestHole(id, lo, hi));
    }
  }

  #ask(what: string, ask: () => void): void {
    if (this.#asked.has(what)) return;
    this.#asked.add(what);
    ask();
  }

  #rows(window: Window, overlay: Overlay): readonly (readonly [string, TimelineRow])[] {
    const ids = window.messages.map(({ id }) => id);
    const context = rowContext(this.#canonicalId, ids, overlay, this.#reads);
    const rows: (readonly [string, TimelineRow])[] = [];
    const holes = [...window.holes];
    const addHoles = (beforeSeq: number, beforeMs: number | null): void => {
      for (let next = holes[0]; next && next.lo < beforeSeq; next = holes[0]) {
        rows.push([`hole:${next.lo}`, this.#holeRow(next, beforeMs)]);
        holes.shift();
      }
    };
    for (const message of window.messages) {
      addHoles(message.createSeq, message.createdAt);
      const { id, notices } = message;
      if (notices) rows.push([id, noticeRow(message, notices, context)]);
      else rows.push([id, cachedRow(message, overlay.changesOf(id), context)]);
    }
    addHoles(Number.MAX_SAFE_INTEGER, window.newerMs);
    for (const send of window.sends) {
      rows.push([send.op.opId, pendingRow(send, overlay.changesOf(send.op.opId), context)]);
    }
    return rows;
  }

  #holeRow({ lo, hi }: Interval, beforeMs: number | null): HoleRow {
    const connection = this.#volatile.connection().state;
    const isReachable = connection === 'idle' || connection === 'connected' || connection === 'updating';
    const state = isReachable ? this.#volatile.history(this.#canonicalId) : 'offline';
    return { kind: 'hole', lo, hi, state, beforeMs };
  }
}
