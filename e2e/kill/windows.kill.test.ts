/** Kill −9 of the real app between the key press and the acknowledgement: nothing on the screen's promise is lost. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import { launchApp, makeProfile, removeProfile, type DesktopApp } from '../support/app.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { composer, conversationRow, openWith, readView, timeline, until } from '../support/gestures.ts';
import { registerPeople, type TestPerson } from '../support/people.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { startServer, type ServerProcess } from '../support/server-process.ts';
import { judge, type Composed } from './ledger.ts';
import { committedLog, kills, recordKills, seed } from './scene.ts';

let server: ServerProcess;
let proxy: FaultProxy;
let ada: TestPerson;
let app: DesktopApp;
let profileDir: string;

beforeAll(async () => {
  server = await startServer();
  proxy = await startFaultProxy({ targetPort: server.port, seed, minDelayMs: 0, maxDelayMs: 200 });
  ada = must((await registerPeople(server, ['Ada', 'Ben']))[0], 'Ada is first');
  profileDir = await makeProfile();
  app = await launchApp({ profileDir, serverUrl: `http://127.0.0.1:${proxy.port}`, person: ada });
  await openWith(app.page, 'Ben');
});

afterAll(async () => {
  await app?.close();
  await proxy?.close();
  await server?.dispose();
  if (profileDir) await removeProfile(profileDir);
});

test(`${kills.windows} crashes of the app lose, double and reorder nothing`, async () => {
  const random = seededRandom(seed + 300);
  const composed: Composed[] = [];
  for (let run = 0; run < kills.windows; run += 1) {
    const field = composer(app.page, 'Ben');
    const typing = (async () => {
      for (let n = 0; n < 3; n += 1) {
        const text = `window-${run}-${n}`;
        const slot = composed.push({ text, durable: false }) - 1;
        await field.fill(text);
        await field.press('Enter');
        // Painted means committed to the outbox: the view follows the commit.
        await app.page.getByRole('log').getByText(text, { exact: true }).waitFor();
        composed[slot] = { text, durable: true };
      }
    })().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, random() * 600));
    await app.kill9();
    await typing;
    app = await launchApp({ profileDir, serverUrl: `http://127.0.0.1:${proxy.port}` });
    await conversationRow(app.page, 'Ben').click();
    await composer(app.page, 'Ben').waitFor();
  }
  await until(
    'the outbox is empty',
    () => readView(app.page, 'outbox', {}),
    ({ rows }) => rows.length === 0,
    30_000,
  );
  await until(
    'all are acknowledged',
    () => timeline(app.page, 'Ben'),
    (rows) => rows.every((it) => it.seq !== null),
    30_000,
  );
  const { rows } = await readView(app.page, 'conversations', { filter: 'all', offset: 0, limit: 10 });
  const id = must(
    rows.find((it) => it.title === 'Ben'),
    'the conversation is in the list',
  ).id;
  const verdict = judge(composed, await committedLog(server, ada, id));
  recordKills('windows', kills.windows, verdict);
  expect({ seed, ...verdict }).toEqual({ seed, acked: verdict.acked, lost: 0, doubled: 0, reordered: 0 });
});
