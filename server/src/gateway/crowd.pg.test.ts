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

const MEMBERS = 1_000;
const SIZE = { messages: 20, joins: 50, open: 20, typists: 200, readers: 20 };
const SECRET = 'a secret that signs for a thousand people';
/** A sent message of 100 characters, as one member gets it. */
const MESSAGE_BYTES = 800;

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
    receiptFramesPerRead: round(sum(all.read.frames) / SIZE.readers),
    receiptBytesPerRead: round(all.read.bytes / SIZE.readers),
    receiptServerMsPerRead: round(all.read.serverMs / SIZE.readers),
  };
}
