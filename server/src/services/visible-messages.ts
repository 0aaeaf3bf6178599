/**
 * Messages as a person may see them. Owns the rule for those who were away from a conversation: a message of an earlier
 * stay shows what they could see of it, rebuilt from the events open to them; deletions always apply.
 */
import { readEvent } from '@curlew/shared/domain/event.ts';
import type { Message } from '@curlew/shared/domain/message.ts';
import { reduceMessage } from '@curlew/shared/domain/reduce.ts';
import type { Pool } from 'pg';
import { readEventsAbout } from '../repositories/event-repository.ts';
import { isVisible, type ReadableLog } from './log-access.ts';

/** Cuts rows to what the person may see of them. People who were never away get the rows as they are. */
export async function asVisible(
  pool: Pool,
  readable: ReadableLog,
  messages: readonly Message[],
): Promise<Message[]> {
  const { ranges, log } = readable;
  const isWhole = ranges.length === 1 && ranges[0]?.hi === log.head;
  if (isWhole) return [...messages];
  return Promise.all(
    messages.map(async (message) => {
      const range = ranges.find(({ lo, hi }) => lo <= message.createSeq && message.createSeq <= hi);
      const changedLater = range !== undefined && message.revSeq > range.hi;
      return changedLater && message.deletedAt === null ? rebuild(pool, readable, message) : message;
    }),
  );
}

async function rebuild(pool: Pool, readable: ReadableLog, message: Message): Promise<Message> {
  const events = await readEventsAbout(pool, readable.log.id, message.createSeq, readable.head);
  let row: Message | undefined;
  for (const envelope of events) {
    const event = readEvent(envelope);
    if (typeof event !== 'string' && isVisible(readable, envelope.seq)) row = reduceMessage(row, event);
  }
  // The event that made the message lies in the range it was found in, so there is a row unless it was just deleted.
  return row ?? { ...message, text: null, replyTo: null, mentions: [], extras: {}, reactions: [] };
}
