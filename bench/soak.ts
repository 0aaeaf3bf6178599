/**
 * `npm run soak`: the packaged app with a real server, used without a pause for ten minutes and 5,000 actions, to see what
 * grows. `--smoke` takes twenty seconds and only shows that it works. Writes reports/soak.json; exits 0 also when a
 * budget is missed, since absolute figures are goals, not gates on a shared machine.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { must } from '@curlew/shared/lib/result.ts';
import { conversationRow, until } from '../e2e/support/gestures.ts';
import { startFaultProxy } from '../e2e/support/fault-proxy.ts';
import { startCore, type HeadlessCore } from '../e2e/support/headless.ts';
import { registerPeople, type TestPerson } from '../e2e/support/people.ts';
import { startServer } from '../e2e/support/server-process.ts';
import { launchPackaged } from './client/packaged-app.ts';
import { idlePercent, readFigures, type Figures } from './client/process-figures.ts';
import { soakActions, type SoakScene } from './client/soak-actions.ts';
import { machineFacts } from './rows.ts';

const isSmoke = process.argv.includes('--smoke');
const plan = isSmoke
  ? { actions: 100, seconds: 20, sampleEvery: 25, idleSeconds: 3 }
  : { actions: 5_000, seconds: 600, sampleEvery: 250, idleSeconds: 30 };
/** What a working day of eight hours may cost. */
const BUDGETS = { privateMb: 350, mbPerHourOfWork: 5, idlePercent: 1 };
/** Actions of an hour of hard work: one every six seconds. */
const ACTIONS_PER_HOUR = 600;
const GROUPS = 10;

interface Sample extends Figures {
  readonly action: number;
  readonly second: number;
}

const server = await startServer();
const folder = await mkdtemp(join(tmpdir(), 'curlew-soak-'));
const proxy = await startFaultProxy({ targetPort: server.port, seed: 1 });
try {
  const people = await registerPeople(server, ['Ada', 'Ben']);
  const ada = must(people[0], 'Ada is first');
  const ben = await signIn(must(people[1], 'Ben is second'));
  const groups = await makeGroups(ben, ada);
  const app = await launchPackaged(
    must(process.env['CURLEW_PACKAGED_APP'], 'scripts/bench.mjs names the packaged app'),
    join(folder, 'ada'),
    [`--server-url=http://127.0.0.1:${proxy.port}`],
  );
  const { page } = app;
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.name));
  await page.getByRole('textbox', { name: 'Email' }).fill(ada.email);
  await page.getByLabel('Password', { exact: true }).fill(ada.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const withoutKeyring = page.getByRole('button', { name: 'Stay signed in for this run' });
  const last = conversationRow(page, must(groups.at(-1), 'there are groups').title);
  await last.or(withoutKeyring).first().waitFor();
  if (await withoutKeyring.isVisible()) await withoutKeyring.click();
  await last.waitFor();

  const pid = must(app.process.pid, 'the app runs');
  const browser = await page.context().newCDPSession(page);
  await browser.send('Performance.enable');
  const scene: SoakScene = { page, ben, proxy, groups };
  const idleBefore = await idlePercent(pid, plan.idleSeconds);
  const samples: Sample[] = [];
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1_000;
  const sample = async (action: number): Promise<void> => {
    const taken = { action, second: Math.round(seconds()), ...(await readFigures(pid, browser)) };
    samples.push(taken);
    console.log(
      `${action} actions, ${taken.second} s: private ${taken.privateMb.toFixed(1)} MB, page heap ` +
        `${taken.heapMb.toFixed(1)} MB, ${taken.nodes} nodes, ${taken.listeners} listeners, ${taken.openFiles} files`,
    );
  };
  let action = 0;
  for (; action < plan.actions || seconds() < plan.seconds; action += 1) {
    if (action % plan.sampleEvery === 0) await sample(action);
    await soakActions[action % soakActions.length]?.(scene, action);
  }
  const tookSeconds = seconds();
  await sample(action);
  const idleAfter = await idlePercent(pid, plan.idleSeconds);
  writeReport(samples, { action, tookSeconds, idleBefore, idleAfter, errors });
  await browser.detach();
  await app.close();
  await ben.stop();
} finally {
  await proxy.close();
  await server.dispose();
  await rm(folder, { recursive: true, force: true });
}

async function signIn(person: TestPerson): Promise<HeadlessCore> {
  const core = await startCore({ dataDir: join(folder, 'ben'), serverUrl: server.url, keyring: new Map() });
  const { email, password } = person;
  const signedIn = await core.invoke('session.signIn', { serverUrl: server.url, email, password });
  if (!signedIn.ok) throw new Error(signedIn.error.code);
  return core;
}

/** Groups of both with something in them. */
async function makeGroups(ben: HeadlessCore, ada: TestPerson): Promise<SoakScene['groups']> {
  await until(
    'Ben knows Ada',
    () => ben.read('people', { query: '', limit: 10 }),
    ({ rows }) => rows.length > 0,
  );
  const groups = [];
  for (let n = 0; n < GROUPS; n += 1) {
    const title = `Group ${n}`;
    const request = { orgId: ada.orgId, title, memberIds: [ada.userId], history: 'all' as const };
    const made = await ben.invoke('group.create', request);
    if (!made.ok) throw new Error(made.error.code);
    const { conversationId } = made.value;
    for (let line = 0; line < 60; line += 1) {
      const text = `Line ${line} of what was said in ${title.toLowerCase()} before`;
      await ben.invoke('message.send', { conversationId, text, replyTo: null });
    }
    groups.push({ title, conversationId });
  }
  return groups;
}

/** Least squares over the samples after the first fifth, in which caches fill and code is compiled. */
function slopePerAction(samples: readonly Sample[], figure: (sample: Sample) => number): number {
  const settled = samples.slice(Math.floor(samples.length / 5));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [x, y] = [mean(settled.map((it) => it.action)), mean(settled.map(figure))];
  const covariance = mean(settled.map((it) => (it.action - x) * (figure(it) - y)));
  return covariance / mean(settled.map((it) => (it.action - x) ** 2));
}

function writeReport(
  samples: readonly Sample[],
  run: {
    readonly action: number;
    readonly tookSeconds: number;
    readonly idleBefore: number;
    readonly idleAfter: number;
    readonly errors: readonly string[];
  },
): void {
  const first = must(samples[0], 'one sample stands before the first action');
  const last = must(samples.at(-1), 'one sample stands after the last action');
  const round = (value: number): number => Number(value.toFixed(2));
  const change = (figure: (sample: Sample) => number) => [round(figure(first)), round(figure(last))];
  const per1000 = (figure: (sample: Sample) => number) => round(slopePerAction(samples, figure) * 1_000);
  const mbPer1000 = per1000((it) => it.privateMb);
  const perHourOfWork = (mbPer1000 * ACTIONS_PER_HOUR) / 1_000;
  const missed = [
    ...(last.privateMb > BUDGETS.privateMb ? [`memory above ${BUDGETS.privateMb} MB`] : []),
    ...(perHourOfWork > BUDGETS.mbPerHourOfWork
      ? [`growth above ${BUDGETS.mbPerHourOfWork} MB an hour`]
      : []),
    ...(run.idleAfter > BUDGETS.idlePercent ? [`idle above ${BUDGETS.idlePercent} % of a core`] : []),
  ];
  const figures = {
    actions: run.action,
    minutes: round(run.tookSeconds / 60),
    privateMb: change((it) => it.privateMb),
    pssMb: change((it) => it.pssMb),
    privateMbPer1000Actions: mbPer1000,
    pageHeapMb: change((it) => it.heapMb),
    pageHeapMbPer1000Actions: per1000((it) => it.heapMb),
    nodes: change((it) => it.nodes),
    listeners: change((it) => it.listeners),
    openFiles: change((it) => it.openFiles),
    // A short run only shows how caches fill.
    privateMbAfter8HoursOfWork: isSmoke ? null : round(last.privateMb + perHourOfWork * 8),
    privateMbAfter8HoursAtThisPace: isSmoke
      ? null
      : round(last.privateMb + ((mbPer1000 / 1_000) * run.action * 8 * 3_600) / run.tookSeconds),
    idlePercentOfACore: [round(run.idleBefore), round(run.idleAfter)],
    pageErrors: run.errors.length,
    missed,
  };
  const body = {
    name: 'soak',
    at: new Date().toISOString(),
    machine: machineFacts(),
    isSmoke,
    figures,
    failed: run.errors.length,
    notRun: [],
    samples,
  };
  const reports = resolve(import.meta.dirname, '../reports');
  mkdirSync(reports, { recursive: true });
  writeFileSync(join(reports, 'soak.json'), `${JSON.stringify(body, null, 2)}\n`);
  console.log(JSON.stringify(figures, null, 2));
}
