/** Synthetic history with valid chains, made as fast as a hash allows. Nothing of it ever reaches a server. */
import { randomBytes } from 'node:crypto';
import { EMPTY_CHAIN, nextChain } from '@curlew/shared/lib/chain.ts';
import { uuidV7 } from '@curlew/shared/lib/uuid.ts';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import { seededRandom } from '../../e2e/support/seeded-random.ts';

/** Who talks in a synthetic direct conversation. */
export interface Pair {
  readonly orgId: string;
  readonly me: string;
  readonly peer: string;
}

const HASH = 'ab'.repeat(32);
const words =
  'panel sensor door code shift report north campus badge reader lift cooling fault spare key'.split(' ');

/** Events of one direct conversation: its creation, then `count` messages, in pages of 1,000. */
export function* conversationEvents(
  logId: string,
  pair: Pair,
  count: number,
  seed: number,
): Generator<Envelope[]> {
  const random = seededRandom(seed);
  const startMs = Date.now() - count * 1000;
  let chain = EMPTY_CHAIN;
  let seq = 0;
  const event = (type: string, actorId: string, payload: (opId: string) => unknown): Envelope => {
    seq += 1;
    const opId = newId();
    chain = nextChain(chain, { logId, seq, opId, opHash: HASH });
    const at = startMs + seq * 1000;
    return {
      logId,
      seq,
      chain,
      type,
      actorId,
      opId,
      opHash: HASH,
      at,
      payload: payload(opId),
      memberVersion: 1,
    };
  };
  let page = [
    event('conversation:updated', pair.me, () => ({
      created: true,
      orgId: pair.orgId,
      kind: 'direct',
      protection: 'server',
      title: null,
      members: [pair.me, pair.peer].map((userId) => ({ userId, role: 'member' })),
    })),
  ];
  for (let n = 1; n <= count; n += 1) {
    const text = n === count ? newestText(logId) : sentence(random);
    const actorId = random() < 0.5 ? pair.me : pair.peer;
    page.push(
      event('message:new', actorId, (messageId) => ({ messageId, text, replyTo: null, composedAt: startMs })),
    );
    if (page.length === 1000) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

/** The text of a conversation's newest message, by which a bench knows that it is painted. */
export function newestText(logId: string): string {
  return `Newest of ${logId.slice(-6)}`;
}

/** A new id. */
export function newId(): string {
  return uuidV7(Date.now(), randomBytes(10));
}

function sentence(random: () => number): string {
  const length = 10 + Math.floor(random() * 14); // about 100 bytes, as chat messages are
  return Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(' ');
}
