/**
 * Logs made for tests: envelopes with valid chains, pages and windows as a server would answer from them. Owns a tiny
 * in-memory server of one log; it shares the reducer with production and nothing else.
 */
import { EMPTY_CHAIN, nextChain, opHashOf } from '@curlew/shared/lib/chain.ts';
import type { IntervalSet } from '@curlew/shared/lib/intervals.ts';
import { must } from '@curlew/shared/lib/result.ts';
import type { Envelope, EventContent, EventType, LogKind } from '@curlew/shared/domain/event.ts';
import type { Message } from '@curlew/shared/domain/message.ts';
import { emptyLogState, reduceLog, type LogState } from '@curlew/shared/domain/reduce.ts';
import type { Op } from '@curlew/shared/protocol/ops.ts';
import type { Head, HistoryAnswer, PullAnswer, WindowAnswer } from '@curlew/shared/protocol/sync.ts';

/** A UUID from a number. */
export function id(n: number): string {
  return `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

export const SERVER_URL = 'https://curlew.example.org';
export const ME = id(1);
export const PEER = id(2);
export const ORG = id(3);
/** The conversation most tests talk in. */
export const CONVERSATION = id(4);

/** A send as the composer makes it. */
export function sendOp(
  opId: string,
  text = 'hello',
  logId = CONVERSATION,
): Extract<Op, { kind: 'message.send' }> {
  return { opId, v: 1, logId, kind: 'message.send', text, replyTo: null, composedAt: 1_700_000_000_000 };
}

/** One log of a server. */
export class TestLog {
  readonly id: string;
  readonly kind: LogKind;
  readonly events: Envelope[] = [];
  readonly #states: LogState[] = [emptyLogState];

  constructor(logId = CONVERSATION, kind: LogKind = 'conversation') {
    this.id = logId;
    this.kind = kind;
  }

  get head(): number {
    return this.events.length;
  }

  get chain(): string {
    return this.events.at(-1)?.chain ?? EMPTY_CHAIN;
  }

  /** Everything the log says up to a position. */
  stateAt(seq: number): LogState {
    return must(this.#states[seq], 'a state is kept for every position');
  }

  /** Commits an event. */
  append<T extends EventType>(
    type: T,
    payload: EventContent<T>,
    actorId: string = PEER,
    opId: string = id(0x10000 + this.head + Number.parseInt(this.id.slice(-4), 16) * 0x100000),
  ): Envelope {
    return this.appendRaw(type, payload, actorId, opId);
  }

  /** Commits an event of any type and payload. */
  appendRaw(type: string, payload: unknown, actorId: string, opId: string): Envelope {
    const seq = this.head + 1;
    const link = { logId: this.id, seq, opId, opHash: opHashOf({ opId }) };
    const chain = nextChain(this.chain, link);
    const at = 1_700_000_000_000 + seq * 1000;
    const event: Envelope = { ...link, chain, type, actorId, at, payload, memberVersion: 1 };
    this.events.push(event);
    this.#states.push(reduceLog(this.stateAt(seq - 1), event));
    return event;
  }

  /** The first event of a direct conversation. */
  create(): Envelope {
    return this.append('conversation:updated', {
      created: true,
      orgId: ORG,
      kind: 'direct',
      protection: 'server',
      title: null,
      members: [
        { userId: ME, role: 'member' },
        { userId: PEER, role: 'member' },
      ],
    });
  }

  /** A message; its id is the op's. */
  say(text: string, actorId = PEER, opId?: string): Envelope {
    const messageId = opId ?? id(0x10000 + this.head + Number.parseInt(this.id.slice(-4), 16) * 0x100000);
    const payload = { messageId, text, replyTo: null, composedAt: 1_700_000_000_000 };
    return this.append('message:new', payload, actorId, messageId);
  }

  /** Messages of a state by position. */
  messagesAt(seq: number): readonly Message[] {
    return [...this.stateAt(seq).messages.values()].sort((a, b) => a.createSeq - b.createSeq);
  }

  headRow(seq = this.head): Head {
    return {
      id: this.id,
      kind: this.kind,
      head: seq,
      chain: this.chainAt(seq),
      floorSeq: 0,
      memberVersion: 1,
      receiptVersion: 0,
      readSeq: 0,
      deliveredSeq: 0,
      unreadFromSeq: null,
      threads: [],
      unread: 0,
      mentions: 0,
      asOf: seq,
      left: false,
    };
  }

  chainAt(seq: number): string {
    return this.events[seq - 1]?.chain ?? EMPTY_CHAIN;
  }

  pull(after: number, limit = 1000, head = this.head): PullAnswer {
    return {
      events: this.events.slice(after, Math.min(head, after + limit)),
      head,
      chain: this.chainAt(head),
    };
  }

  /** The newest `limit` messages and what changed of `ranges` since `tail`. */
  window(tail: number, ranges: IntervalSet, limit: number, asOf = this.head): WindowAnswer {
    const messages = this.messagesAt(asOf);
    const newest = messages.slice(-limit);
    const lo = newest.length < messages.length ? (newest[0]?.createSeq ?? 1) : 1;
    const isHeld = (message: Message): boolean =>
      ranges.some((range) => range.lo <= message.createSeq && message.createSeq <= range.hi);
    return {
      asOf,
      chain: this.chainAt(asOf),
      conversation: must(this.stateAt(asOf).conversation, 'a window is of a conversation'),
      receipts: [],
      receiptVersion: 0,
      messages: newest,
      covers: { lo, hi: asOf },
      touched: messages.filter((message) => message.revSeq > tail && isHeld(message)),
    };
  }

  /** The messages of a range, as of a position. */
  history(lo: number, hi: number, asOf = this.head): HistoryAnswer {
    const messages = this.messagesAt(asOf).filter(({ createSeq }) => lo <= createSeq && createSeq <= hi);
    return { messages, covers: { lo, hi }, asOf };
  }
}
