/**
 * The hash of an op, by Node's crypto: what `shared/lib/chain.ts` defines, at less than half its cost. Every write of
 * every client is hashed here, so it counts; a test holds the two equal.
 */
import { hash } from 'node:crypto';
import { canonicalJson } from '@curlew/shared/lib/canonical-json.ts';

/** See `opHashOf` of `shared/lib/chain.ts`. */
export function fastOpHash(op: object): string {
  const { fence: _fence, seenSeq: _seenSeq, ...meaning } = op as { fence?: unknown; seenSeq?: unknown };
  return hash('sha256', canonicalJson(meaning), 'hex');
}
