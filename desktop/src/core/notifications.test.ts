/** What deserves a notification, and when it is no longer needed. */
import { describe, expect, it } from 'vitest';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import type { FromCore } from '../ipc/core-port.ts';
import type { AccountQueries } from './account-queries.ts';
import { MAX_AGE_MS, Notifications } from './notifications.ts';
import type { LogRow } from './store/store-types.ts';

const ME = '00000000-0000-7000-8000-000000000001';
const BEN = '00000000-0000-7000-8000-000000000002';
const LOG = '00000000-0000-7000-8000-00000000000a';
const NOW_MS = 1_800_000_000_000;

function message(seq: number, actorId = BEN, at = NOW_MS): Envelope {
  const opId = `00000000-0000-7000-8000-${String(seq).padStart(12, '0')}`;
  const payload = { messageId: opId, text: `text ${seq}`, replyTo: null, composedAt: at };
  const fixed = { chain: '0'.repeat(16), opHash: '0'.repeat(64), memberVersion: 1 };
  return { logId: LOG, seq, type: 'message:new', actorId, opId, at, payload, ...fixed };
}

function notifications(
  facts: { isWatched?: boolean; isMuted?: boolean; isQuiet?: boolean; readSeq?: number } = {},
) {
  const said: FromCore[] = [];
  const queries: AccountQueries = {
    personName: () => 'Ben',
    message: () => undefined,
    directWith: () => undefined,
    orgsOf: () => [],
    orgEntries: () => ({ all: () => new Map() }),
    conversationTitle: () => null,
    conversationName: () => null,
    messageTtlMs: () => null,
    isMuted: () => facts.isMuted ?? false,
    isQuiet: () => facts.isQuiet ?? false,
    preferences: () => ({}),
    unreadFrom: () => null,
  };
  const row = { id: LOG, kind: 'conversation', tail: 9, readSeq: facts.readSeq ?? 0 } as LogRow;
  const subject = new Notifications({
    accountId: ME,
    userId: ME,
    queries,
    reader: { log: () => row, logs: () => [row], logsBehind: () => [], holds: () => true },
    serverNowMs: () => NOW_MS,
    isWatched: () => facts.isWatched ?? false,
    post: (it) => said.push(it),
  });
  const texts = (): string[] =>
    said.flatMap((it) => (it.type === 'notify' ? it.facts.map((fact) => `${fact.title}: ${fact.text}`) : []));
  return { subject, said, texts };
}

describe('a notification', () => {
  it('comes for each message that arrives live', () => {
    const { subject, texts } = notifications();
    subject.committed(LOG, [message(2), message(3)], 'push');
    expect(texts()).toEqual(['Ben: text 2', 'Ben: text 3']);
  });

  it('comes once per conversation after a gap, for the newest message', () => {
    const { subject, texts } = notifications();
    subject.committed(LOG, [message(2), message(3), message(4)], 'pull');
    expect(texts()).toEqual(['Ben: text 4']);
  });

  it.each([
    ['an own message', {}, message(2, ME)],
    ['an old message', {}, message(2, BEN, NOW_MS - MAX_AGE_MS - 1)],
    ['a message read on another device', { readSeq: 2 }, message(2)],
    ['what somebody looks at', { isWatched: true }, message(2)],
    ['a muted conversation', { isMuted: true }, message(2)],
    ['a person who asked for quiet', { isQuiet: true }, message(2)],
  ])('does not come for %s', (_what, facts, event) => {
    const { subject, said } = notifications(facts);
    subject.committed(LOG, [event], 'push');
    expect(said).toEqual([]);
  });

  it('is obsolete once its message is read, wherever, and that is said once', () => {
    const { subject, said } = notifications();
    subject.committed(LOG, [message(5)], 'push');
    subject.readMoved(LOG, 4);
    expect(said).toHaveLength(1);
    subject.readMoved(LOG, 5);
    subject.readMoved(LOG, 6);
    expect(said.slice(1)).toEqual([{ type: 'notificationsObsolete', conversationId: LOG }]);
  });
});
