/** Exports of what a device holds: without a network, step by step, with everything that is missing said. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { englishExportTexts } from '@curlew/shared/domain/export-pages.ts';
import { err, ok, type Result } from '@curlew/shared/lib/result.ts';
import { errorBody, type ErrorBody } from '@curlew/shared/protocol/errors.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PortRequest } from '../../ipc/core-port.ts';
import { nodeClock, nodeRandom } from '../node-ports.ts';
import { openAccount } from '../open-account.ts';
import { accountDir, AccountRegistry } from '../session/account-registry.ts';
import { CoreDriver, refusing } from '../testing/core-driver.ts';
import { CONVERSATION, id, ME, PEER, SERVER_URL, TestLog } from '../testing/logs.ts';

const accountId = '00000000-0000-7000-8000-0000000000a3';
const texts = englishExportTexts;
interface Progress {
  readonly done: number;
  readonly total: number;
  readonly messages: number;
  readonly folder: string | null;
}

let dataDir = '';
let folder = '';
let core: CoreDriver;
/** What the person does when asked where to. */
let choose: () => Result<string | null, ErrorBody>;
let log: TestLog;

function open(fill: (stores: ReturnType<typeof openAccount>) => void): void {
  const who = { email: 'ada@example.org', name: 'Ada', orgs: [], needsSignIn: false };
  const account = { ...who, accountId, serverUrl: SERVER_URL, userId: ME, deviceId: id(0xd) };
  new AccountRegistry(dataDir, 0).putCurrent(account);
  const stores = openAccount({
    dir: accountDir(dataDir, accountId),
    serverUrl: SERVER_URL,
    userId: ME,
    clock: nodeClock,
    random: nodeRandom,
    log: () => undefined,
  });
  fill(stores);
  stores.close();
  const answer = (request: PortRequest): Promise<unknown> => {
    if (request.port === 'folder.make') return Promise.resolve(choose());
    return Promise.resolve(ok(request.port === 'keyring.get' ? 'refresh' : null));
  };
  core = new CoreDriver(dataDir, refusing('OFFLINE'), answer);
}

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'curlew-export-'));
  folder = join(dataDir, 'chosen');
  choose = () => {
    mkdirSync(folder);
    return ok(folder);
  };
  log = new TestLog();
  log.create();
});
afterEach(() => {
  core.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(conversationId: string | null): Promise<Result<{ exportId: string | null }, ErrorBody>> {
  return core.intent('export.start', { conversationId, texts });
}

const step = (exportId: string | null) => core.intent<Progress>('export.step', { exportId });

/** Runs an export to its end; every step's progress. */
async function run(conversationId: string | null): Promise<readonly Progress[]> {
  const started = await start(conversationId);
  if (!started.ok) throw new Error(started.error.code);
  const steps: Progress[] = [];
  for (;;) {
    const next = await step(started.value.exportId);
    if (!next.ok) throw new Error(next.error.code);
    steps.push(next.value);
    if (next.value.folder !== null) return steps;
  }
}

function readPages(): {
  readonly index: { conversations: Record<string, unknown>[] };
  html: string;
  json: string;
} {
  const index = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  const file = String(index.conversations[0].file);
  const read = (ending: string): string => readFileSync(join(folder, `${file}.${ending}`), 'utf8');
  return { index, html: read('html'), json: read('json') };
}

it('writes all that is held, replies too, in steps that rise to the end, without a network', async () => {
  const said = Array.from({ length: 900 }, (_, index) =>
    log.say(`message ${index} <script>alert(${index})</script>`),
  );
  const root = said[0]?.opId ?? '';
  const replyId = id(0x77777);
  const reply = {
    messageId: replyId,
    text: 'in the thread',
    replyTo: null,
    composedAt: 1,
    threadRootId: root,
  };
  log.append('message:new', reply, PEER, replyId);
  const taken = log.say('taken back');
  log.append('message:deleted', { messageId: taken.opId }, PEER);
  open((stores) => stores.ingest.applyEvents(log.id, log.events));
  const steps = await run(null);
  expect(steps.length).toBeGreaterThan(3);
  const done = steps.map((each) => each.done);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(steps.at(-1)).toEqual({ done: log.head, total: log.head, messages: 902, folder });
  const { index, html, json } = readPages();
  expect(index.conversations).toHaveLength(1);
  expect(index.conversations[0]).toMatchObject({
    id: CONVERSATION,
    count: 902,
    heldSinceMs: null,
    isHeld: true,
  });
  const { messages } = JSON.parse(json) as { messages: { text: string | null }[] };
  expect(messages.map(({ text }) => text).slice(-3)).toEqual([
    'message 899 <script>alert(899)</script>',
    'in the thread',
    null,
  ]);
  expect(html).toContain('message 899 &lt;script&gt;alert(899)&lt;/script&gt;');
  expect(html).not.toContain('<script');
  expect(html).not.toContain('taken back');
  expect(html).toContain(texts.whole);
  for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
});

it('says how far back this device holds the conversation', async () => {
  for (let count = 0; count < 30; count += 1) log.say(`message ${count}`);
  open((stores) => {
    stores.ingest.applyEvents(log.id, log.events);
    // As after a start from a snapshot: only what came last is held.
    stores.cacheDb.exec(`UPDATE coverage SET lo = 21; DELETE FROM message WHERE create_seq < 21`);
  });
  await run(CONVERSATION);
  const { index, html, json } = readPages();
  expect((JSON.parse(json) as { messages: unknown[] }).messages).toHaveLength(11);
  expect(index.conversations[0]?.['heldSinceMs']).toBe(1_700_000_021_000);
  expect(html).toContain('is not in this file');
  expect(html).not.toContain(texts.whole);
});

it('leaves out what was deleted for me', async () => {
  const hidden = log.say('not for me');
  log.say('for me');
  open((stores) => stores.ingest.applyEvents(log.id, log.events));
  await core.intent('message.delete', {
    conversationId: CONVERSATION,
    messageId: hidden.opId,
    forEveryone: false,
  });
  await run(CONVERSATION);
  const { json } = readPages();
  expect(json).toContain('for me');
  expect(json).not.toContain('not for me');
});

it('ends when asked, and leaves nothing; a finished or unknown one is gone', async () => {
  for (let count = 0; count < 600; count += 1) log.say(`message ${count}`);
  open((stores) => stores.ingest.applyEvents(log.id, log.events));
  const started = await start(null);
  const exportId = started.ok ? started.value.exportId : null;
  await step(exportId);
  await step(exportId);
  expect(readdirSync(folder)).not.toHaveLength(0);
  expect(await core.intent('export.cancel', { exportId })).toEqual({ ok: true, value: {} });
  expect(existsSync(folder)).toBe(false);
  expect(await step(exportId)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
});

it('does nothing when no place is chosen, and says when the place cannot take it', async () => {
  log.say('message');
  open((stores) => stores.ingest.applyEvents(log.id, log.events));
  choose = () => ok(null);
  expect(await start(null)).toEqual({ ok: true, value: { exportId: null } });
  choose = () => err(errorBody('DISK_FULL'));
  expect(await start(null)).toMatchObject({ ok: false, error: { code: 'DISK_FULL' } });
  // Pulled out after it was chosen.
  choose = () => ok(join(dataDir, 'gone', 'away'));
  const started = await start(null);
  const exportId = started.ok ? started.value.exportId : null;
  expect(await step(exportId)).toMatchObject({ ok: false, error: { code: 'DISK_FULL' } });
  expect(await step(exportId)).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
  expect(await start(id(0xabc))).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
});
