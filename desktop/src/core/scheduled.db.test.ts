/** Scheduling, changing and taking back a message without a network, from intent to view and across a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '@curlew/shared/lib/result.ts';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ConversationMeta } from '../ipc/views.ts';
import type { ScheduledRow } from '../ipc/writing.ts';
import { nodeClock, nodeRandom } from './node-ports.ts';
import { openAccount } from './open-account.ts';
import { accountDir, AccountRegistry } from './session/account-registry.ts';
import { CoreDriver, refusing } from './testing/core-driver.ts';
import { CONVERSATION, id, ME, SERVER_URL, TestLog } from './testing/logs.ts';

const accountId = '00000000-0000-7000-8000-0000000000a1';
const refusedId = id(0x5c);
const inOneHour = Date.now() + 3_600_000;
let dataDir = '';
let core: CoreDriver;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'curlew-scheduled-'));
  const who = { email: 'ada@example.org', name: 'Ada', orgs: [], needsSignIn: false };
  new AccountRegistry(dataDir, 0).putCurrent({
    ...who,
    accountId,
    serverUrl: SERVER_URL,
    userId: ME,
    deviceId: id(0xd),
  });
  const stores = openAccount({
    dir: accountDir(dataDir, accountId),
    serverUrl: SERVER_URL,
    userId: ME,
    clock: nodeClock,
    random: nodeRandom,
    log: () => undefined,
  });
  const log = new TestLog();
  const { payload } = log.create();
  log.say('one');
  log.appendRaw(
    'conversation:updated',
    { ...(payload as object), created: false, messageTtlMs: 60_000 },
    ME,
    id(0x5d),
  );
  stores.ingest.applyEvents(log.id, log.events);
  const value = { conversationId: CONVERSATION, text: 'refused', replyTo: null, sendAtMs: 1_000 };
  const entry = { key: `scheduled:${refusedId}`, value: { ...value, refused: 'NOT_MEMBER' }, revSeq: 1 };
  stores.ingest.applyLogState(ME, 'account', { asOf: 1, chain: '0123456789abcdef', entries: [entry] });
  stores.close();
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
});
afterEach(() => {
  core.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function listed(conversationId: string | null = null): Promise<readonly ScheduledRow[]> {
  const { order, rows } = await core.view('scheduled', { conversationId });
  return order.map((key) => must(rows[key], 'a row of the order') as ScheduledRow);
}

async function schedule(text: string): Promise<string> {
  const request = { conversationId: CONVERSATION, text, replyTo: null, mentions: [ME], sendAtMs: inOneHour };
  const answer = await core.intent('message.schedule', request);
  return must(answer.ok ? answer.value.messageId : undefined, 'it was scheduled');
}

const draft = async (): Promise<unknown> => {
  const { meta } = await core.view('conversation', { conversationId: CONVERSATION });
  return (meta as ConversationMeta).draft;
};

it('takes the draft, waits for the network and survives a restart', async () => {
  await core.intent('draft.save', { conversationId: CONVERSATION, draft: { text: 'later', replyTo: null } });
  const messageId = await schedule('later');
  expect(await draft()).toBeNull();
  core.stop();
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
  expect(await listed(CONVERSATION)).toMatchObject([
    { messageId: refusedId, text: 'refused', isPending: false, error: { code: 'NOT_MEMBER' } },
    { messageId, text: 'later', sendAtMs: inOneHour, isPending: true, error: null },
  ]);
  expect(await listed(id(0xee))).toEqual([]);
  expect(await core.intent('session.signOut', { ifUnsent: 'ask' })).toMatchObject({
    value: { signedOut: false, wouldLose: { messages: 1, drafts: 0, changes: 0 } },
  });
  const outbox = await core.view('outbox', {});
  expect(Object.values(outbox.rows)).toMatchObject([
    { action: 'schedule', text: 'later', conversationId: CONVERSATION },
  ]);
});

it('changes, hurries and removes by one entry, the last word alone', async () => {
  const messageId = await schedule('first');
  await core.intent('scheduled.change', { messageId, text: 'second', sendAtMs: inOneHour + 1 });
  expect(await listed()).toMatchObject([{}, { messageId, text: 'second', sendAtMs: inOneHour + 1 }]);
  await core.intent('scheduled.sendNow', { messageId });
  const [, hurried] = await listed();
  expect(hurried?.sendAtMs).toBeLessThanOrEqual(Date.now() + 1_000);
  expect((await core.view('outbox', {})).order).toHaveLength(1);
  await core.intent('scheduled.remove', { messageId });
  expect(await listed()).toHaveLength(1);
  const late = await core.intent('scheduled.change', { messageId, text: 'third', sendAtMs: inOneHour });
  expect(late).toMatchObject({ ok: false, error: { code: 'TARGET_MISSING' } });
});

it('that was refused is tried again with another text, or goes back behind the draft', async () => {
  await core.intent('scheduled.change', { messageId: refusedId, text: 'again', sendAtMs: inOneHour });
  expect(await listed()).toMatchObject([{ text: 'again', error: null, isPending: true }]);
  await core.intent('draft.save', { conversationId: CONVERSATION, draft: { text: 'begun', replyTo: id(9) } });
  expect(await core.intent('scheduled.toDraft', { messageId: refusedId })).toMatchObject({ ok: true });
  expect(await draft()).toEqual({ text: 'begun\nagain', replyTo: id(9) });
  expect(await listed()).toEqual([]);
});

it('disappears as the conversation is set when it is written', async () => {
  const messageId = await schedule('brief');
  core.stop();
  const outbox = new Database(join(accountDir(dataDir, accountId), 'outbox.db'), { readonly: true });
  const row = outbox.prepare('SELECT bytes FROM op WHERE target = ?').get(`scheduled:${messageId}`);
  outbox.close();
  expect(JSON.parse((row as { bytes: string }).bytes)).toMatchObject({
    value: { mentions: [ME], extras: { ttlMs: 60_000 } },
  });
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
});
