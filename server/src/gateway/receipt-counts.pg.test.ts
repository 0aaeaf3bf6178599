/** Who hears of a crowd's receipts over a socket: those who have it open, as counts, and nobody else. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '@curlew/shared/domain/limits.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccessTokens, secretLoader } from '../services/access-tokens.ts';
import {
  groupOp,
  memberOp,
  openWorld,
  sendOp,
  watermarkOp,
  type TestPerson,
  type World,
} from '../services/testing/world.ts';
import { connectAndHello, type TestSocket } from '../testing/socket-client.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { COUNTS_MS } from './receipt-counts.ts';

const SECRET = 'a secret that signs for a hundred people';
/** A crowd also while two of them are out. */
const MEMBERS = limits.receiptMembers + 3;

let server: TestServer;
let world: World;
let people: TestPerson[];
let logId: string;

beforeAll(async () => {
  server = await startTestServer({ jwtSecret: SECRET });
  world = await openWorld(server.database);
  people = [];
  for (let n = 0; n < MEMBERS; n += 1) people.push(await world.colleague(`Person ${n}`));
  await world.services.drain();
}, 60_000);
afterAll(() => server.stop());

const person = (n: number) => must(people[n], 'of the crowd');

async function socketOf({ userId, deviceId }: TestPerson): Promise<TestSocket> {
  const tokens = createAccessTokens(secretLoader(SECRET, ''), Date.now);
  const { token } = await tokens.issue({ userId, deviceId, sessionId: randomUUID() });
  return connectAndHello(server.url, { accessToken: token, deviceId });
}

const receiptsAt = (socket: TestSocket) =>
  socket.frames.flatMap(({ name, payload }) => (name === 'receipt:updated' ? [payload] : []));

test('those who have it open hear counts, own devices of themselves, the others nothing', async () => {
  const op = groupOp(
    world.orgId,
    people.slice(1).map(({ userId }) => userId),
    { history: 'joined' },
  );
  logId = op.logId;
  const owner = await socketOf(person(0));
  expect((await owner.submit(logId, op))[0]).toMatchObject({ ok: true });
  const [sent] = await owner.submit(logId, sendOp(logId));
  const seq = sent?.seq ?? 0;
  const [looks, elsewhere, reader] = await Promise.all([1, 2, 3].map((n) => socketOf(person(n))));
  const readers = must(reader, 'connected');
  const ownOther = await socketOf(await world.device(person(3)));
  await must(looks, 'connected').ask('conversation:join', { conversationId: logId });
  await owner.ask('conversation:join', { conversationId: logId });
  // Somebody who was away for one message sees the count of the other alone.
  const away = person(4);
  await owner.submit(logId, memberOp('member.remove', logId, away.userId));
  const [unseen] = await owner.submit(logId, sendOp(logId));
  await owner.submit(logId, memberOp('member.add', logId, away.userId));
  const returned = await socketOf(away);
  await returned.ask('conversation:join', { conversationId: logId });
  for (const op of [watermarkOp('read.set', logId, seq), watermarkOp('read.set', logId, unseen?.seq ?? 0)]) {
    expect((await readers.submit(logId, op))[0]).toMatchObject({ ok: true });
  }
  const told = await must(looks, 'connected').next('receipt:updated', (it) => 'counts' in it);
  const count = { people: MEMBERS - 1, delivered: 1, read: 1 };
  expect(told).toEqual({
    conversationId: logId,
    receiptVersion: 2,
    counts: [
      { ...count, seq, people: MEMBERS - 2 },
      { ...count, seq: unseen?.seq, people: MEMBERS - 2 },
    ],
  });
  expect(await returned.next('receipt:updated')).toMatchObject({ counts: [{ seq }] });
  expect(JSON.stringify(receiptsAt(returned))).not.toContain(`"seq":${unseen?.seq}`);
  expect(await ownOther.next('receipt:updated')).toMatchObject({
    userId: person(3).userId,
    readSeq: unseen?.seq,
  });
  await sleep(COUNTS_MS);
  expect(receiptsAt(must(looks, 'connected'))).toHaveLength(1);
  expect(receiptsAt(must(elsewhere, 'connected'))).toEqual([]);
  expect(receiptsAt(readers)).toEqual([]);
  for (const socket of [owner, looks, elsewhere, reader, ownOther, returned]) socket?.close();
});

test('who is put out, or closes it, hears no more of it', async () => {
  const [owner, out, closes] = await Promise.all([0, 5, 6].map((n) => socketOf(person(n))));
  const [first, second, third] = [
    must(owner, 'connected'),
    must(out, 'connected'),
    must(closes, 'connected'),
  ];
  for (const socket of [first, second, third])
    await socket.ask('conversation:join', { conversationId: logId });
  await third.ask('conversation:leave', { conversationId: logId });
  await first.submit(logId, memberOp('member.remove', logId, person(5).userId));
  const reader = await socketOf(person(7));
  await reader.submit(logId, watermarkOp('read.set', logId, 2));
  await first.next('receipt:updated', (it) => 'counts' in it);
  expect(receiptsAt(second)).toEqual([]);
  expect(receiptsAt(third)).toEqual([]);
  for (const socket of [first, second, third, reader]) socket.close();
});
