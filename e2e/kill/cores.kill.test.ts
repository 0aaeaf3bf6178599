/**
 * Kill −9 of the core at random points between composing and acknowledgement, behind a slow network: nothing durable is
 * lost, nothing doubled, order kept.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { startCore, type HeadlessCore } from '../support/headless.ts';
import { registerPeople, type TestPerson } from '../support/people.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startServer, type ServerProcess } from '../support/server-process.ts';
import { judge, total, type Composed, type Verdict } from './ledger.ts';
import { committedLog, kills, recordKills, seed, untilFlushed } from './scene.ts';

const LANES = 4;
let server: ServerProcess;
let proxy: FaultProxy;
let people: TestPerson[];
let folder: string;

beforeAll(async () => {
  server = await startServer();
  proxy = await startFaultProxy({ targetPort: server.port, seed, minDelayMs: 0, maxDelayMs: 200 });
  people = await registerPeople(server, [
    'Ben',
    ...Array.from({ length: LANES }, (_, index) => `Ada${index}`),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'curlew-kill-'));
});

afterAll(async () => {
  await proxy?.close();
  await server?.dispose();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function compose(
  core: HeadlessCore,
  conversationId: string,
  text: string,
  composed: Composed[],
): Promise<void> {
  const slot = composed.push({ text, durable: false }) - 1;
  const sent = await core.invoke('message.send', { conversationId, text, replyTo: null });
  if (sent.ok) composed[slot] = { text, durable: true };
}

/** One person, one device, many crashes: each run composes up to five messages and dies at a random moment. */
async function lane(index: number, runs: number): Promise<Verdict> {
  const random = seededRandom(seed + index);
  const person = must(people[index + 1], 'one person a lane');
  const ben = must(people[0], 'Ben is first');
  const options = {
    dataDir: join(folder, `lane-${index}`),
    serverUrl: `http://127.0.0.1:${proxy.port}`,
    keyring: new Map<string, string>(),
  };
  let core = await startCore(options);
  const signedIn = await core.invoke('session.signIn', {
    serverUrl: options.serverUrl,
    email: person.email,
    password: person.password,
  });
  expect(signedIn).toMatchObject({ ok: true });
  const opened = await openDirect(core, ben.userId);
  const composed: Composed[] = [];
  for (let run = 0; run < runs; run += 1) {
    const running = core;
    const composing = (async () => {
      for (let n = 0; n < 5; n += 1) await compose(running, opened, `${index}-${run}-${n}`, composed);
    })();
    await new Promise((resolve) => setTimeout(resolve, random() * 500));
    await running.kill9();
    // The answer of a killed core never comes; what it had promised stands in `composed`.
    await Promise.race([composing, new Promise((resolve) => setTimeout(resolve, 20))]);
    core = await startCore(options);
  }
  await untilFlushed(core);
  const { rows } = await core.read('conversations', { filter: 'all', offset: 0, limit: 10 });
  const id = must(
    rows.find((it) => it.peerId === ben.userId),
    'the conversation is in the list',
  ).id;
  await core.stop();
  return judge(composed, await committedLog(server, person, id));
}

async function openDirect(core: HeadlessCore, userId: string): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const opened = await core.invoke('conversation.openDirect', { userId });
    if (opened.ok) return opened.value.conversationId;
    // The directory arrives with the first synchronisation.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the person never appeared in the directory');
}

test(`${kills.cores} crashes of the core lose, double and reorder nothing`, async () => {
  const perLane = Math.ceil(kills.cores / LANES);
  const verdicts = await Promise.all(Array.from({ length: LANES }, (_, index) => lane(index, perLane)));
  const verdict = total(verdicts);
  recordKills('cores', perLane * LANES, verdict);
  expect({ seed, ...verdict }).toEqual({ seed, acked: verdict.acked, lost: 0, doubled: 0, reordered: 0 });
  expect(verdict.acked).toBeGreaterThan(kills.cores / 2);
});
