/**
 * The stage of the kill tests: a server, a slow network in front of it, people who can sign in, and the committed log as
 * the server serves it. Counts come from the environment: `CURLEW_KILL=full` for the published figures.
 */
import { mkdirSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Message } from '@curlew/shared/domain/message.ts';
import type { HistoryAnswer } from '@curlew/shared/protocol/sync.ts';
import { callApi, type TestPerson } from '../support/people.ts';
import type { ServerProcess } from '../support/server-process.ts';
import type { HeadlessCore } from '../support/headless.ts';
import { until } from '../support/gestures.ts';
import type { OutboxRow } from '../../desktop/src/ipc/writing.ts';
import type { Verdict } from './ledger.ts';

const isFull = process.env['CURLEW_KILL'] === 'full';

/** How many kills of each kind this run makes. */
export const kills = isFull
  ? { cores: 170, windows: 30, servers: 50, postgres: 50 }
  : { cores: 40, windows: 5, servers: 5, postgres: 5 };

/** Seed of the run; a failure prints it, and `CURLEW_SEED` repeats it. */
export const seed = Number(process.env['CURLEW_SEED'] ?? 20_261_121);

/** All committed messages of a conversation, oldest first. */
export async function committedLog(
  server: ServerProcess,
  person: TestPerson,
  id: string,
): Promise<Message[]> {
  const { accessToken } = await callApi<{ accessToken: string }>(server.url, 'POST', '/api/auth/login', {
    body: {
      email: person.email,
      password: person.password,
      deviceId: person.session.deviceId,
      deviceName: 'ledger',
    },
  });
  const messages: Message[] = [];
  for (let before: number | undefined; ;) {
    const query = before === undefined ? 'limit=100' : `limit=100&before=${before}`;
    const page: HistoryAnswer = await callApi(
      server.url,
      'GET',
      `/api/conversations/${id}/messages?${query}`,
      {
        token: accessToken,
      },
    );
    messages.unshift(...page.messages);
    before = page.messages[0]?.createSeq;
    if (before === undefined || page.covers.lo <= 1) return messages;
  }
}

/**
 * Waits until a core has nothing left to send.
 * @throws Error naming what was given up: no crash of anything justifies asking the person.
 */
export async function untilFlushed(core: HeadlessCore, timeoutMs = 45_000): Promise<void> {
  const isGivenUp = (row: OutboxRow): boolean => row.state === 'failed' || row.state === 'parked';
  const { rows } = await until(
    'the outbox is empty',
    () => core.read('outbox', {}),
    (seen) => seen.rows.every(isGivenUp),
    timeoutMs,
  );
  const codes = rows.map(({ state, error }) => `${state} ${error?.code ?? ''} ${error?.detail ?? ''}`);
  if (codes.length > 0)
    throw new Error(`${codes.length} messages were given up: ${codes.slice(0, 5).join('; ')}`);
}

/** Adds one kind of kill to `reports/kill.json`. */
export function recordKills(
  kind: 'cores' | 'windows' | 'server' | 'postgres',
  count: number,
  verdict: Verdict,
): void {
  const folder = resolve(import.meta.dirname, '../../reports');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'kill.json');
  const earlier = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { parts?: object }) : {};
  const parts: Record<string, Verdict & { count: number }> = {
    ...earlier.parts,
    [kind]: { count, ...verdict },
  };
  const sum = (pick: (part: Verdict) => number): number =>
    Object.values(parts).reduce((all, part) => all + pick(part), 0);
  const figures = {
    app: (parts['cores']?.count ?? 0) + (parts['windows']?.count ?? 0),
    server: parts['server']?.count ?? 0,
    postgres: parts['postgres']?.count ?? 0,
    acked: sum((it) => it.acked),
    lost: sum((it) => it.lost),
    doubled: sum((it) => it.doubled),
    reordered: sum((it) => it.reordered),
  };
  const body = {
    name: 'kill',
    at: new Date().toISOString(),
    machine: process.platform,
    seed,
    figures,
    parts,
    failed: figures.lost + figures.doubled + figures.reordered,
    notRun: [],
  };
  writeFileSync(file, `${JSON.stringify(body, null, 2)}\n`);
}
