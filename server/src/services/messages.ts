/** Reads of single messages and of threads, as a person may see them. */
import type { Message } from '@curlew/shared/domain/message.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { PastText } from '@curlew/shared/protocol/routes-conversations.ts';
import type { Pool } from 'pg';
import { findMessagePlace } from '../repositories/access-repository.ts';
import { readMessagesAfter, readPastTexts, readReplies } from '../repositories/message-repository.ts';
import { isVisible, openConversation, type ReadableLog } from './log-access.ts';
import type { MembershipCache } from './membership-cache.ts';
import type { Outcome, RepliesPage } from './service-types.ts';
import { asVisible } from './visible-messages.ts';

/** Answers `GET messages/:id`. */
export async function message(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  messageId: string,
): Promise<Outcome<Message>> {
  const found = await open(pool, cache, userId, messageId);
  if (!found.ok) return found;
  const { readable, createSeq } = found.value;
  const at = { lo: createSeq, hi: createSeq };
  const [row] = await asVisible(pool, readable, await readMessagesAfter(pool, readable.log.id, at, 1));
  return row ? ok(row) : err(errorBody('NOT_FOUND'));
}

/** Answers `GET messages/:id/texts`: to those who were there when it was written, and of edits while they were. */
export async function pastTexts(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  messageId: string,
): Promise<Outcome<readonly PastText[]>> {
  const found = await open(pool, cache, userId, messageId);
  if (!found.ok) return found;
  const { readable } = found.value;
  const texts = await readPastTexts(pool, messageId, limits.pastTexts);
  // What an edit left as it was is no earlier text: of an imported message only the last one is known.
  const differing = texts.filter(({ text }, index) => texts[index + 1]?.text !== text);
  return ok(differing.filter(({ seq }) => isVisible(readable, seq)));
}

/** Answers `GET messages/:id/replies`. */
export async function replies(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  rootId: string,
  after: number,
  limit: number,
): Promise<Outcome<RepliesPage>> {
  const found = await open(pool, cache, userId, rootId);
  if (!found.ok) return found;
  const { readable } = found.value;
  const rows = await readReplies(pool, rootId, readable.ranges, after, limit + 1);
  const messages = await asVisible(pool, readable, rows.slice(0, limit));
  return ok({ messages, more: rows.length > limit });
}

async function open(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  messageId: string,
): Promise<Outcome<{ readonly readable: ReadableLog; readonly createSeq: number }>> {
  const place = await findMessagePlace(pool, messageId);
  if (!place) return err(errorBody('NOT_FOUND'));
  const opened = await openConversation(pool, cache, userId, place.conversationId);
  if (!opened.ok) return opened;
  if (!isVisible(opened.value, place.createSeq)) return err(errorBody('NOT_FOUND'));
  return ok({ readable: opened.value, createSeq: place.createSeq });
}
