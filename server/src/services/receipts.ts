/**
 * Who is told how far others got. Owns the rule: only present members; of an announcement channel those who run it; in a
 * crowd nobody by name unasked, and counts of no message that a person may not see.
 */
import type { ReceiptCount } from '@curlew/shared/domain/message.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { ok } from '@curlew/shared/lib/result.ts';
import type { ReceiptCountsAnswer, ReceiptsAnswer } from '@curlew/shared/protocol/sync.ts';
import type { Pool } from 'pg';
import type { LogRow } from '../repositories/event-repository.ts';
import { readReceiptCounts, readReceipts, type ReceiptsRow } from '../repositories/receipt-repository.ts';
import { presentAccess } from './conversations.ts';
import { hearsReceipts, sees } from './fan-out-plan.ts';
import type { MembershipCache } from './membership-cache.ts';
import type { MovedCounts, Outcome, ReceiptsQuery } from './service-types.ts';

/** Answers `GET conversations/:id/receipts`; only to present members, for receipts are of the present. */
export async function receipts(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  conversationId: string,
  { seq, step, after, limit = limits.receiptsPage }: ReceiptsQuery,
): Promise<Outcome<ReceiptsAnswer>> {
  const access = await presentAccess(pool, cache, userId, conversationId);
  if (!access.ok) return access;
  const own = access.value.members.get(userId);
  const isOwnOnly = !own || !hearsReceipts(access.value, own);
  return ok(
    await readReceipts(pool, conversationId, { forUser: userId, isOwnOnly, seq, step, after, limit }),
  );
}

/** The watermarks that come with a conversation: those of everybody, or one's own where the others are too many. */
export async function receiptsWithWindow(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  { id, memberVersion }: Pick<LogRow, 'id' | 'memberVersion'>,
): Promise<ReceiptsRow> {
  const access = await cache.conversation(id, memberVersion);
  const present = [...(access?.members.values() ?? [])].filter((standing) => standing.isActive);
  const own = access?.members.get(userId);
  const isOwnOnly = present.length > limits.receiptMembers || !access || !own || !hearsReceipts(access, own);
  const all = { seq: undefined, step: undefined, after: undefined, limit: limits.receiptsPage };
  return readReceipts(pool, id, { forUser: userId, isOwnOnly, ...all });
}

/** Answers `GET conversations/:id/receipts/counts`. */
export async function receiptCounts(
  pool: Pool,
  cache: MembershipCache,
  userId: string,
  conversationId: string,
  seq: number | undefined,
): Promise<Outcome<ReceiptCountsAnswer>> {
  const access = await presentAccess(pool, cache, userId, conversationId);
  if (!access.ok) return access;
  const own = access.value.members.get(userId);
  const found = await readReceiptCounts(pool, conversationId, seq);
  const counts = own && hearsReceipts(access.value, own) ? (found?.counts ?? []) : [];
  return ok({
    receiptVersion: found?.receiptVersion ?? 0,
    counts: counts.filter((count) => own && sees(own, count.seq)),
  });
}

/** What changed of a conversation's counts since `known`, for each group of people who may see the same of it. */
export async function movedCounts(
  pool: Pool,
  cache: MembershipCache,
  conversationId: string,
  known: readonly ReceiptCount[],
): Promise<Outcome<MovedCounts>> {
  const found = await readReceiptCounts(pool, conversationId, undefined);
  const access = found && (await cache.conversation(conversationId, found.memberVersion));
  if (!found || !access) return ok({ receiptVersion: 0, counts: [], parts: [] });
  const before = new Map(known.map((count) => [count.seq, count]));
  const moved = found.counts.filter((count) => !isSame(before.get(count.seq), count));
  const parts = new Map<string, { readonly userIds: string[]; readonly counts: readonly ReceiptCount[] }>();
  for (const standing of access.members.values()) {
    if (!hearsReceipts(access, standing)) continue;
    const counts = moved.filter(({ seq }) => sees(standing, seq));
    if (counts.length === 0) continue;
    const key = counts.map(({ seq }) => seq).join();
    const part = parts.get(key) ?? { userIds: [], counts };
    part.userIds.push(standing.userId);
    parts.set(key, part);
  }
  const { receiptVersion, counts } = found;
  return ok({ receiptVersion, counts, parts: [...parts.values()] });
}

function isSame(a: ReceiptCount | undefined, b: ReceiptCount): boolean {
  return a?.people === b.people && a.delivered === b.delivered && a.read === b.read;
}
