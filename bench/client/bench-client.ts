/**
 * Client benchmarks in the packaged app's real window, with the server down: writing, opening a conversation and starting
 * must not depend on it.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '@curlew/shared/lib/result.ts';
import { openAccount } from '../../desktop/src/core/open-account.ts';
import { nodeClock, nodeRandom } from '../../desktop/src/core/node-ports.ts';
import { AccountRegistry, accountDir } from '../../desktop/src/core/session/account-registry.ts';
import { conversationRow, until } from '../../e2e/support/gestures.ts';
import { startCore } from '../../e2e/support/headless.ts';
import { registerPeople, type TestPerson } from '../../e2e/support/people.ts';
import { startServer } from '../../e2e/support/server-process.ts';
import { percentile, row, type BenchRow } from '../rows.ts';
import { conversationEvents, newId, newestText } from './history.ts';
import { measureCompose, measureInteractive, measureOpen, measurePaint } from './measure.ts';
import { launchPackaged } from './packaged-app.ts';

const PEERS = 10;

/** Where things are, and how large the run is. */
export interface ClientBenchOptions {
  readonly packagedApp: string;
  /** Electron without Curlew, for the empty window. */
  readonly electron: string;
  /** Cached messages of the small and of the large profile. */
  readonly small: number;
  readonly large: number;
  readonly seed: number;
}

interface Profile {
  readonly dir: string;
  readonly titles: { title: string; newest: string }[];
}

/** Runs all client rows. */
export async function benchClient(options: ClientBenchOptions): Promise<BenchRow[]> {
  const server = await startServer();
  const folder = await mkdtemp(join(tmpdir(), 'curlew-bench-'));
  try {
    const people = await registerPeople(server, [
      'Ada',
      ...Array.from({ length: PEERS }, (_, n) => `Peer ${n}`),
    ]);
    const make = async (name: string, messages: number): Promise<Profile> => {
      const dir = join(folder, name);
      await signIn(dir, server.url, must(people[0], 'Ada is first'));
      return { dir, titles: seedHistory(dir, people, messages, options.seed) };
    };
    const small = await make('small', options.small);
    const large = await make('large', options.large);
    await server.stop();
    return [...(await windowRows(options, small, large)), await coldStart(options, large, folder)];
  } finally {
    await server.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function signIn(dataDir: string, serverUrl: string, person: TestPerson): Promise<void> {
  // Somebody who works with it has its tour behind them.
  await writeFile(join(dataDir, 'preferences.json'), JSON.stringify({ tourSeen: true }));
  const core = await startCore({ dataDir, serverUrl, keyring: new Map() });
  const signedIn = await core.invoke('session.signIn', {
    serverUrl,
    email: person.email,
    password: person.password,
  });
  if (!signedIn.ok) throw new Error(signedIn.error.code);
  await until(
    'the directory is cached',
    () => core.read('people', { query: '', limit: 50 }),
    ({ rows }) => rows.length >= PEERS,
  );
  await core.stop();
}

function seedHistory(
  dir: string,
  people: readonly TestPerson[],
  messages: number,
  seed: number,
): Profile['titles'] {
  const account = must(new AccountRegistry(dir, 0).current(), 'the sign-in is registered');
  const stores = openAccount({
    dir: accountDir(dir, account.accountId),
    serverUrl: account.serverUrl,
    userId: account.userId,
    clock: nodeClock,
    random: nodeRandom,
    log: () => undefined,
  });
  const titles = people.slice(1).map((peer, index) => {
    const logId = newId();
    const pair = { orgId: peer.orgId, me: account.userId, peer: peer.userId };
    for (const page of conversationEvents(logId, pair, Math.floor(messages / PEERS), seed + index)) {
      const outcome = stores.ingest.applyEvents(logId, page);
      if (outcome.kind !== 'applied') throw new Error(`the bench made a bad page: ${outcome.kind}`);
      // Read to the end: otherwise a conversation opens at its first unread message, not at the newest.
      stores.ingest.applyReceipt(
        logId,
        { userId: account.userId, deliveredSeq: outcome.tail, readSeq: outcome.tail },
        1,
      );
    }
    return { title: peer.name, newest: newestText(logId) };
  });
  stores.close();
  return titles;
}

async function windowRows(options: ClientBenchOptions, small: Profile, large: Profile): Promise<BenchRow[]> {
  const opened: Record<'small' | 'large', number> = { small: Number.NaN, large: Number.NaN };
  let compose: number[] = [];
  let paint: number[] = [];
  for (const [name, profile] of [
    ['small', small],
    ['large', large],
  ] as const) {
    const app = await launchPackaged(options.packagedApp, profile.dir);
    const first = must(profile.titles[0], 'there are peers');
    await conversationRow(app.page, first.title).click();
    const rounds = [1, 2, 3].flatMap(() => profile.titles.slice(1, 7));
    opened[name] = percentile(await measureOpen(app.page, rounds), 0.95);
    if (name === 'large') {
      await conversationRow(app.page, first.title).click();
      compose = (await measureCompose(app.page, first.title, 60)).slice(10);
      paint = (await measurePaint(app.page, 60)).slice(10);
    }
    await app.close();
  }
  const size = options.large.toLocaleString('en-US');
  return [
    row(
      {
        id: 'compose-painted',
        what: `Enter → own message durable and painted, p95, ${size} cached, beside a bare element of the page`,
        value: percentile(compose, 0.95),
        unit: 'ms',
        limit: percentile(paint, 0.95),
        budget: '≤ 16 ms p95',
      },
      (value) => value <= 16,
    ),
    row(
      {
        id: 'conversation-open',
        what: `row pressed → newest message painted, p95, ${size} cached, beside ${options.small.toLocaleString('en-US')}`,
        value: opened.large,
        unit: 'ms',
        limit: opened.small,
        budget: '≤ 50 ms p95',
      },
      (value) => value <= 50,
    ),
  ];
}

/** Start → interactive list beside an empty window of the same Electron, alternating; medians of 5. */
async function coldStart(options: ClientBenchOptions, profile: Profile, folder: string): Promise<BenchRow> {
  const ours: number[] = [];
  const empty: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const app = await launchPackaged(options.packagedApp, profile.dir);
    ours.push(await measureInteractive(app.page, app.startedAtMs));
    await app.close();
    const bare = await launchPackaged(options.electron, join(folder, `empty-${round}`), [
      join(import.meta.dirname, 'empty-window'),
    ]);
    empty.push(await measureInteractive(bare.page, bare.startedAtMs));
    await bare.close();
  }
  return row(
    {
      id: 'cold-start',
      what: 'process start → list interactive, beside an empty window',
      value: percentile(ours, 0.5),
      unit: 'ms',
      limit: percentile(empty, 0.5),
      budget: '≤ 1.3 × an empty window',
    },
    (_, ratio) => ratio <= 1.3,
  );
}
