/**
 * reduce(events 1..tail) == cached rows, for every event type and any division into calls (I9): the cache may not mean
 * something else by an event than the reducer both ends share. Scrubbed payloads and types of the future included.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventTypes, type EventType } from '@curlew/shared/domain/event.ts';
import { cachedConversation, cachedEntries, cachedMessages } from '../testing/cached-rows.ts';
import { CONVERSATION, id, ME, ORG, PEER, TestLog } from '../testing/logs.ts';
import { memoryCache } from '../testing/memory-stores.ts';

interface Step {
  readonly type: EventType | 'unknown';
  readonly pick: number;
  readonly isMine: boolean;
  readonly isScrubbed: boolean;
}

const stepOf = (types: readonly Step['type'][]): fc.Arbitrary<Step> =>
  fc.record({
    type: fc.constantFrom(...types),
    pick: fc.nat(5),
    isMine: fc.boolean(),
    isScrubbed: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  });

const seen = new Set<string>();

function append(log: TestLog, { type, pick, isMine, isScrubbed }: Step): void {
  const actorId = isMine ? ME : PEER;
  const messages = log.messagesAt(log.head);
  const messageId = messages[pick % Math.max(1, messages.length)]?.id ?? id(999);
  const userId = id(20 + pick);
  const opId = id(0x2000 + log.head);
  const payloads: Record<Step['type'], unknown> = {
    'conversation:updated': {
      created: false,
      orgId: ORG,
      kind: 'direct',
      protection: 'server',
      title: `title ${pick}`,
      pins: pick > 2 ? [messageId] : [],
      isClosed: pick === 4,
      messageTtlMs: pick === 5 ? 60_000 : null,
      changes: pick > 1 ? [{ kind: 'title', title: `title ${pick}` }] : [],
    },
    'message:new': {
      messageId: opId,
      text: `text ${log.head}`,
      replyTo: null,
      composedAt: 1,
      ...(pick > 3 ? { threadRootId: messageId, mentions: [userId], extras: { ttlMs: 60_000 } } : {}),
    },
    'message:edited': {
      messageId,
      text: `edit ${log.head}`,
      mentions: pick > 2 ? [userId] : [],
      overwrote: false,
    },
    'message:deleted': {
      messageId,
      threadRootId: pick > 4 ? id(77) : null,
      ...(pick > 3 ? { expired: true } : {}),
    },
    'reaction:set': { messageId, emoji: pick % 2 === 0 ? '👍' : '🎉', on: pick > 1 },
    'member:joined': { userId, role: 'member' },
    'member:left': { userId },
    'member:role': { userId, role: 'moderator' },
    'account:updated': { key: `pin:${userId}`, value: pick === 0 ? null : { rank: pick } },
    'org:updated': { key: `person:${userId}`, value: pick === 0 ? null : { name: `Name ${pick}` } },
    unknown: { anything: pick },
  };
  log.appendRaw(
    type === 'unknown' ? 'future:thing' : type,
    isScrubbed ? null : payloads[type],
    actorId,
    opId,
  );
  seen.add(type);
}

function expectReduced(log: TestLog, cuts: readonly number[]): void {
  const { cacheDb, ingest } = memoryCache();
  let from = 0;
  for (const cut of [...cuts, log.head]) {
    // Overlapping on purpose: what is known is ignored.
    ingest.applyEvents(log.id, log.events.slice(Math.max(0, from - 1), from + cut));
    from = Math.min(log.head, from + cut);
  }
  ingest.applyEvents(log.id, log.events);
  const { conversation, entries } = log.stateAt(log.head);
  expect(cachedMessages({ cacheDb }, log.id)).toEqual(log.messagesAt(log.head));
  const byUser = (a: { userId: string }, b: { userId: string }): number => (a.userId < b.userId ? -1 : 1);
  expect(cachedConversation({ cacheDb }, log.id)).toEqual(
    conversation && { ...conversation, members: [...conversation.members].sort(byUser) },
  );
  const live = [...entries.values()]
    .filter((entry) => entry.value !== null)
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  expect(cachedEntries({ cacheDb }, log.id)).toEqual(live);
  cacheDb.close();
}

const cuts = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 8 });
const conversationTypes = eventTypes.filter((type) => type !== 'account:updated' && type !== 'org:updated');

it('conversations', () => {
  fc.assert(
    fc.property(
      fc.array(stepOf([...conversationTypes, 'unknown']), { maxLength: 30 }),
      cuts,
      (steps, divided) => {
        const log = new TestLog(CONVERSATION);
        log.create();
        for (const step of steps) append(log, step);
        expectReduced(log, divided);
      },
    ),
    { numRuns: 300, seed: 20261121 },
  );
});

it.each(['account', 'org'] as const)('%s logs', (kind) => {
  fc.assert(
    fc.property(
      fc.array(stepOf([`${kind}:updated`, 'unknown']), { minLength: 1, maxLength: 30 }),
      cuts,
      (steps, divided) => {
        const log = new TestLog(kind === 'account' ? ME : ORG, kind);
        for (const step of steps) append(log, step);
        expectReduced(log, divided);
      },
    ),
    { numRuns: 100, seed: 20261121 },
  );
});

it('every event type took part', () => {
  expect([...seen].sort()).toEqual([...eventTypes, 'unknown'].sort());
});
