/** The command as a process: killed in the middle and run again, its memory, and what it says. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  packExport,
  slackMessage,
  slackUser,
  writeBigExport,
} from '../services/slack/testing/slack-export.ts';
import { openWorld, type World } from '../services/testing/world.ts';
import { writeReport } from '../testing/report.ts';

/** The full size is 50,000 (`CURLEW_IMPORT_MESSAGES`); the normal run keeps to what takes some seconds. */
const SIZE = Number(process.env['CURLEW_IMPORT_MESSAGES'] ?? 1_000);
const KILLS = SIZE > 10_000 ? 4 : 2;
const entry = path.join(import.meta.dirname, '..', 'index.ts');
const folder = mkdtempSync(path.join(tmpdir(), 'curlew-import-'));
const zipPath = path.join(folder, 'export.zip');
let world: World;

beforeAll(async () => {
  world = await openWorld();
  await world.colleague('Olga');
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly facts: readonly Record<string, unknown>[];
  readonly stderr: string;
  readonly peakMb: number;
}

/** Runs the command. `during` is told whenever it tells something. */
async function command(
  args: readonly string[],
  during: (event: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> {
  const { host, port, user, password, database } = world.database.address;
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const child = spawn(process.execPath, [entry, 'import-slack', ...args], {
    env: {
      ...process.env,
      DATABASE_URL: `postgresql://${credentials}@${encodeURIComponent(host)}:${port}/${database}`,
      CURLEW_JWT_SECRET: 'x'.repeat(32),
      CURLEW_LOG_LEVEL: 'silent',
    },
  });
  let stdout = '';
  let stderr = '';
  let peakMb = 0;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const [, event = ''] of text.matchAll(/"event":"([^"]+)"/gu))
      during(event, (signal) => child.kill(signal));
  });
  const meter = setInterval(() => (peakMb = Math.max(peakMb, peakOf(child.pid))), 50);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(meter);
  const facts = stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('{') && line.endsWith('}') ? [line] : []));
  return { code, stderr, peakMb, facts: facts.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

/** Peak resident memory of a process in MB, where the system tells it. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/u.exec(status)?.[1] ?? 0) / 1_024;
  } catch {
    return 0; // it has just ended, or this system has no /proc
  }
}

/** What an organisation's conversations say, without the ids. */
async function said(orgId: string): Promise<readonly unknown[]> {
  const { rows } = await world.database.readPool.query<{ line: unknown }>(
    `SELECT json_build_array(coalesce(c.title, c.kind), m.create_seq, m.text, m.created_at_ms, m.edited_at_ms,
       m.deleted_at_ms, root.create_seq, (SELECT count(*) FROM reaction r WHERE r.message_id = m.id),
       (SELECT array_agg(x.read_seq ORDER BY x.read_seq) FROM member x WHERE x.conversation_id = c.id)) AS line
     FROM message m JOIN conversation c ON c.id = m.conversation_id LEFT JOIN message root ON root.id = m.thread_root_id
     WHERE c.org_id = $1 AND m.class = 'content' ORDER BY c.created_at_ms, c.title, m.conversation_id, m.create_seq`,
    [orgId],
  );
  return rows.map(({ line }) => JSON.stringify(line)).sort();
}

test('killed again and again and run once more, it ends as if nothing had happened', async () => {
  const written = writeBigExport(zipPath, SIZE);
  const other = await openWorld(world.database);
  await other.colleague('Otto');
  const startedMs = performance.now();
  const straight = await command([zipPath, '--org', other.orgId]);
  const processSeconds = Math.round((performance.now() - startedMs) / 100) / 10;
  expect(straight).toMatchObject({ code: 0 });
  const whole = straight.facts.at(-1);
  expect(whole).toMatchObject({
    event: 'import-slack',
    ok: true,
    messages: { added: written.messages, present: 0 },
  });

  let kills = 0;
  for (; kills < KILLS; kills += 1) {
    const delayMs = 100 * kills;
    let armed = false;
    const ended = await command([zipPath, '--org', world.orgId], (_, kill) => {
      if (armed) return;
      armed = true;
      setTimeout(() => kill('SIGKILL'), delayMs);
    });
    if (ended.code === 0) break;
  }
  expect(kills).toBeGreaterThan(0);
  const last = await command([zipPath, '--org', world.orgId]);
  expect(last.code).toBe(0);
  const { messages } = last.facts.at(-1) as { messages: { added: number; present: number } };
  expect(messages.added + messages.present).toBe(written.messages);
  expect(await said(world.orgId)).toEqual(await said(other.orgId));
  const processPeakMb = Math.round(straight.peakMb);
  writeReport('slack-import', { kills, processMessages: written.messages, processSeconds, processPeakMb });
}, 600_000);

test('asked to stop, it stops after a batch and says how to go on', async () => {
  const fresh = await openWorld(world.database);
  await fresh.colleague('Olaf');
  writeBigExport(zipPath, 1_500);
  let isAsked = false;
  const ended = await command([zipPath, '--org', fresh.orgId], (_, kill) => {
    if (!isAsked) kill('SIGTERM');
    isAsked = true;
  });
  expect(ended.code).toBe(1);
  expect(ended.facts.at(-1)).toMatchObject({ event: 'import-slack', ok: true, isPaused: true });
  expect(ended.stderr).toContain('Run the same command again to go on.');
  expect((await command([zipPath, '--org', fresh.orgId])).code).toBe(0);
}, 120_000);

test('it says what would happen, what is wrong, and which organizations there are', async () => {
  const users = [slackUser('U1', 'Ann')];
  packExport(zipPath, { users, channels: [] }, {});
  const dry = await command([zipPath, '--org', world.orgId, '--dry-run']);
  expect(dry.code).toBe(0);
  expect(dry.stderr).toContain('Would import 0 messages');
  const which = await command([zipPath]);
  expect(which.code).toBe(1);
  expect(which.stderr).toContain(`Name the organization by its id:`);
  const nowhere = await command([zipPath, '--org', 'Elsewhere']);
  expect(nowhere.stderr).toContain('No such organization.');
  packExport(zipPath, { users, channels: '[' }, { 'general/2024-01-01': [slackMessage('U1', 1, 'x')] });
  const broken = await command([zipPath, '--org', world.orgId]);
  expect(broken).toMatchObject({ code: 1 });
  expect(broken.stderr).toContain('channels.json is not JSON. Nothing of it was imported.');
  expect(broken.facts.at(-1)).toEqual({
    event: 'import-slack',
    ok: false,
    problem: { code: 'NOT_JSON', file: 'channels.json' },
  });
}, 120_000);
