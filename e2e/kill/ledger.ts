/**
 * The ledger of a kill test: what people composed, what the app said about it, and what the server holds in the end.
 * It imports nothing of the product but the shape of a message.
 */
import type { Message } from '@curlew/shared/domain/message.ts';

/** What one run composed. `durable`: the app answered that the text is on disk, so it may never be lost. */
export interface Composed {
  readonly text: string;
  readonly durable: boolean;
}

/** Faults found. All must be 0. */
export interface Verdict {
  readonly acked: number;
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
}

/**
 * Compares what one author composed, in order, with the committed log.
 * A text whose answer never came may be there once or not at all; a durable one must be there exactly once.
 */
export function judge(composed: readonly Composed[], committed: readonly Message[]): Verdict {
  const mine = new Set(composed.map((it) => it.text));
  const found = committed.flatMap((it) => (it.text !== null && mine.has(it.text) ? [it.text] : []));
  const counts = new Map<string, number>();
  for (const text of found) counts.set(text, (counts.get(text) ?? 0) + 1);
  const order = composed.map((it) => it.text).filter((text) => counts.has(text));
  return {
    acked: composed.filter((it) => it.durable).length,
    lost: composed.filter((it) => it.durable && !counts.has(it.text)).length,
    doubled: [...counts.values()].filter((count) => count > 1).length,
    reordered: order.filter((text, at) => text !== [...new Set(found)][at]).length,
  };
}

/** Adds verdicts up. */
export function total(verdicts: readonly Verdict[]): Verdict {
  const sum = (pick: (verdict: Verdict) => number): number => verdicts.reduce((all, it) => all + pick(it), 0);
  return {
    acked: sum((it) => it.acked),
    lost: sum((it) => it.lost),
    doubled: sum((it) => it.doubled),
    reordered: sum((it) => it.reordered),
  };
}
