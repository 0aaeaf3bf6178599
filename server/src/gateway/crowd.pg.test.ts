/**
 * A group of 1,000 with everybody connected: what reaches them is bounded. Counts frames and bytes, which are the same
 * on any machine; times and CPU go to the report only.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccessTokens, secretLoader } from '../services/access-tokens.ts';
import { openWorld } from '../services/testing/world.ts';
import { measureCrowd, sum, type CrowdCosts, type CrowdPerson } from '../testing/crowd.ts';
import { writeReport } from '../testing/report.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { COUNTS_MS } from './receipt-counts.ts';

const MEMBERS = 1_000;
const SIZE = { messages: 20, joins: 50, open: 20, typists: 200, readers: 200 };
const SECRET = 'a secret that signs for a thousand people';
/** A sent message of 100 characters, as one member gets it. */
const MESSAGE_BYTES = 800;
/** Counts of the messages that were said here (21 of them change at the first read), and acks of who reads. */
const COUNTS_BYTES = 2_500;

let server: TestServer;
let costs: CrowdCosts;

beforeAll(async () => {
  server = await startTestServer({ jwtSecret: SECRET });
  const world = await openWorld(server.database);
  const tokens = createAccessTokens(secretLoader(SECRET, ''), Date.now);
  const people: CrowdPerson[] = [];
  for (let index = 0; index < MEMBERS; index += 1) {
    const { userId, deviceId } = await world.colleague(`Person ${index}`);
    const { token } = await tokens.issue({ userId, deviceId, sessionId: randomUUID() });
    people.push({ userId, deviceId, token });
  }
  await world.services.drain();
  const serverMs = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  };
  costs = await measureCrowd({ url: server.url, orgId: world.orgId, people, serverMs }, SIZE);
  writeReport('crowd', figuresOf(costs));
}, 300_000);
afterAll(() => server.stop());

test('a message is one frame for every other member, whoever came late, and no larger than itself', () => {
  expect(costs.said.frames).toEqual({ 'message:new': SIZE.messages * (MEMBERS - 1) });
  expect(costs.said.bytes / (SIZE.messages * MEMBERS)).toBeLessThan(MESSAGE_BYTES);
});

test('a mention of everybody costs what a message does', () => {
  expect(costs.saidToAll.frames).toEqual({ 'message:new': MEMBERS - 1 });
  expect(costs.saidToAll.bytes / MEMBERS).toBeLessThan(MESSAGE_BYTES + 50);
});

test('a storm of joins is at most one frame a join for each member', () => {
  expect(sum(costs.joined.frames)).toBeLessThanOrEqual(SIZE.joins * (MEMBERS + 2));
  expect(costs.joined.bytes / (SIZE.joins * MEMBERS)).toBeLessThan(MESSAGE_BYTES);
});

test('typing reaches those who have the conversation open, of the first few who type', () => {
  expect(costs.typed.frames['typing:start']).toBeLessThanOrEqual(5 * SIZE.open);
  expect(sum(costs.typed.frames)).toBe(costs.typed.frames['typing:start']);
});

test('a read is one frame for each who has the conversation open, and nothing to the others', () => {
  // The one who reads may be among those who have it open, and hears of the counts as well.
  expect(costs.read.frames).toEqual({ 'receipt:updated': SIZE.open });
  expect(costs.read.bytes).toBeLessThan(SIZE.open * COUNTS_BYTES);
});

test('a storm of reads is a frame in so long a time for each who looks, whoever reads', () => {
  const frames = Math.ceil(costs.readAtOnce.wallMs / COUNTS_MS);
  expect(costs.readAtOnce.frames).toEqual({ 'receipt:updated': expect.any(Number) });
  expect(sum(costs.readAtOnce.frames)).toBeLessThanOrEqual(SIZE.open * frames);
  expect(costs.readAtOnce.bytes).toBeLessThan(SIZE.open * frames * COUNTS_BYTES);
});

function figuresOf(all: CrowdCosts): Record<string, number> {
  const round = (value: number): number => Math.round(value * 100) / 100;
  return {
    members: MEMBERS,
    createdBytesPerMember: round(all.created.bytes / MEMBERS),
    joinBytesPerMember: round(all.joined.bytes / (SIZE.joins * MEMBERS)),
    joinServerMs: round(all.joined.serverMs / SIZE.joins),
    messageBytesPerMember: round(all.said.bytes / (SIZE.messages * MEMBERS)),
    messageServerMs: round(all.said.serverMs / SIZE.messages),
    messageFramesPerSecond: round((1_000 * sum(all.said.frames)) / all.said.wallMs),
    mentionAllBytesPerMember: round(all.saidToAll.bytes / MEMBERS),
    typingFrames: sum(all.typed.frames),
    open: SIZE.open,
    receiptFramesOfOneRead: sum(all.read.frames),
    receiptBytesOfOneRead: round(all.read.bytes),
    readsAtOnce: SIZE.readers,
    receiptFramesOfReadsAtOnce: sum(all.readAtOnce.frames),
    receiptBytesOfReadsAtOnce: round(all.readAtOnce.bytes),
    receiptMsOfReadsAtOnce: round(all.readAtOnce.wallMs),
    receiptServerMsPerReadAtOnce: round(all.readAtOnce.serverMs / SIZE.readers),
  };
}
