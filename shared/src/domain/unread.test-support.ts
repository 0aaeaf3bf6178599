/**
 * Unread counted by hand: the rule as a person would say it, over a whole history held in memory. Owns what the counts
 * of server and devices are compared with; shares no code with either.
 */
import type { Message } from './message.ts';

/** What of a message the rule depends on. */
type CountedMessage = Readonly<
  Pick<Message, 'id' | 'createSeq' | 'senderId' | 'threadRootId' | 'deletedAt'>
> & {
  readonly mentions: readonly string[];
  /** What happened to the conversation, where nobody wrote it. */
  readonly notices?: readonly unknown[] | undefined;
};

/** What the rule depends on, for one person in one conversation. Positions are seqs. */
export interface UnreadFacts {
  readonly userId: string;
  /** Ids that name the person: their own, everybody's, their sites and units. */
  readonly names: ReadonlySet<string>;
  /** The whole history. */
  readonly messages: readonly CountedMessage[];
  /** What of it the person may see. */
  readonly sees: (seq: number) => boolean;
  /** Where the membership began that they have now. */
  readonly joinedSeq: number;
  readonly readSeq: number;
  readonly unreadFromSeq: number | null;
  /** How far each thread was read, by root. */
  readonly threadReads: ReadonlyMap<string, number>;
}

/** A thread with something unread, all of it behind `from`. */
export interface ThreadCount {
  readonly rootId: string;
  readonly from: number;
  readonly unread: number;
  readonly mentions: number;
}

/** Unread messages of the conversation itself and of the followed threads in it, by root id. */
export interface UnreadCount {
  readonly unread: number;
  readonly mentions: number;
  readonly threads: readonly ThreadCount[];
}

/** Counts by the rule. */
export function countByHand(facts: UnreadFacts): UnreadCount {
  const { messages, sees, userId } = facts;
  const visible = messages.filter((message) => sees(message.createSeq) && !message.notices);
  const isNamed = (message: CountedMessage): boolean => message.mentions.some((id) => facts.names.has(id));
  const isOpen = (message: CountedMessage): boolean =>
    message.senderId !== userId && message.deletedAt === null;
  const readUpTo = Math.min(facts.readSeq, (facts.unreadFromSeq ?? Infinity) - 1);
  const unread = visible.filter(
    (message) => message.threadRootId === null && message.createSeq > readUpTo && isOpen(message),
  );
  const threads: ThreadCount[] = [];
  for (const rootId of new Set(visible.flatMap(({ threadRootId }) => threadRootId ?? []))) {
    const root = visible.filter((message) => message.id === rootId);
    const replies = visible.filter((message) => message.threadRootId === rootId);
    const since = Math.min(
      ...root.filter((it) => it.senderId === userId || isNamed(it)).map((it) => it.createSeq),
      ...replies.filter((it) => it.senderId === userId).map((it) => it.createSeq),
      ...replies.filter(isNamed).map((it) => it.createSeq - 1),
    );
    const from = Math.max(facts.joinedSeq, facts.threadReads.get(rootId) ?? 0, since);
    const counted = replies.filter((it) => it.createSeq > from && isOpen(it));
    if (counted.length > 0)
      threads.push({ rootId, from, unread: counted.length, mentions: counted.filter(isNamed).length });
  }
  threads.sort((a, b) => (a.rootId < b.rootId ? -1 : 1));
  return { unread: unread.length, mentions: unread.filter(isNamed).length, threads };
}
