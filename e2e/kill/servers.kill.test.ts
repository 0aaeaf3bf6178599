/**
 * Kill −9 of the server, and of its PostgreSQL, while people write: what was acknowledged stays, what was composed
 * arrives once and in order.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { until } from '../support/gestures.ts';
import { startCore, type HeadlessCore } from '../support/headless.ts';
import { registerPeople, type TestPerson } from '../support/people.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startServer, type ServerProcess } from '../support/server-process.ts';
import { judge, total, type Composed } from './ledger.ts';
import { committedLog, kills, recordKills, seed, untilFlushed } from './scene.ts';

let server: ServerProcess;
let proxy: FaultProxy;
let folder: string;
let ben: TestPerson;
let writers: { person: TestPerson; core: HeadlessCore; conversationId: string; composed: Composed[] }[];

beforeAll(async () => {
  server = await startServer();
  proxy = await startFaultProxy({ targetPort: server.port, seed, minDelayMs: 0, maxDelayMs: 100 });
  folder = await mkdtemp(join(tmpdir(), 'curlew-kill-server-'));
  const people = await registerPeople(server, ['Ben', 'Ada', 'Cleo']);
  ben = must(people[0], 'Ben is first');
  writers = await Promise.all(people.slice(1).map(startWriter));
});

afterAll(async () => {
  for (const writer of writers ?? []) await writer.core.stop();
  await proxy?.close();
  await server?.dispose();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function startWriter(person: TestPerson): Promise<(typeof writers)[number]> {
  const serverUrl = `http://127.0.0.1:${proxy.port}`;
  const core = await startCore({ dataDir: join(folder, person.name), serverUrl, keyring: new Map() });
  await core.invoke('session.signIn', { serverUrl, email: person.email, password: person.password });
  const opened = await until(
    'Ben is in the directory',
    () => core.invoke('conversation.openDirect', { userId: ben.userId }),
    (answer) => answer.ok,
  );
  if (!opened.ok) throw new Error(opened.error.code);
  return { person, core, conversationId: opened.value.conversationId, composed: [] };
}

/** Everybody writes without pause; at a random moment `kill` strikes; a moment later the writing stops. */
async function writeThrough(run: number, delayMs: number, kill: () => Promise<void>): Promise<void> {
  let writing = true;
  const work = writers.map(async (writer) => {
    for (let n = 0; writing; n += 1) {
      const text = `${writer.person.name}-${run}-${n}`;
      const sent = await writer.core.invoke('message.send', {
        conversationId: writer.conversationId,
        text,
        replyTo: null,
      });
      writer.composed.push({ text, durable: sent.ok });
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  });
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  await kill();
  await new Promise((resolve) => setTimeout(resolve, 200));
  writing = false;
  await Promise.all(work);
}

async function verdictNow(): Promise<ReturnType<typeof total>> {
  for (const writer of writers) await untilFlushed(writer.core, 90_000);
  return total(
    await Promise.all(
      writers.map(async ({ core, person, composed }) => {
        const { rows } = await core.read('conversations', { filter: 'all', offset: 0, limit: 10 });
        const id = must(
          rows.find((it) => it.peerId === ben.userId),
          'the conversation is in the list',
        ).id;
        return judge(composed, await committedLog(server, person, id));
      }),
    ),
  );
}

test(`${kills.servers} crashes of the server lose, double and reorder nothing`, async () => {
  const random = seededRandom(seed + 100);
  for (let run = 0; run < kills.servers; run += 1) {
    await writeThrough(run, 100 + random() * 700, () => server.kill9());
    server = await server.restart();
    for (const { core } of writers) await core.invoke('connection.retryNow', {});
  }
  const verdict = await verdictNow();
  recordKills('server', kills.servers, verdict);
  expect({ seed, ...verdict }).toEqual({ seed, acked: verdict.acked, lost: 0, doubled: 0, reordered: 0 });
});

test(`${kills.postgres} crashes of PostgreSQL lose, double and reorder nothing`, async () => {
  for (const writer of writers) writer.composed.length = 0;
  const random = seededRandom(seed + 200);
  for (let run = 0; run < kills.postgres; run += 1) {
    const pid = await server.postgresPid();
    await writeThrough(1000 + run, 100 + random() * 700, async () => void process.kill(pid, 'SIGKILL'));
    await until(
      'PostgreSQL runs again',
      () => server.postgresPid().catch(() => pid),
      (now) => now !== pid,
      15_000,
    );
    await until(
      'the server is ready',
      async () => (await fetch(`${server.url}/readyz`)).ok,
      (ready) => ready,
      15_000,
    );
  }
  const verdict = await verdictNow();
  recordKills('postgres', kills.postgres, verdict);
  expect({ seed, ...verdict }).toEqual({ seed, acked: verdict.acked, lost: 0, doubled: 0, reordered: 0 });
});
