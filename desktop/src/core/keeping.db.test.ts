/** Saving and forwarding without a network, from intent to view and across a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '@curlew/shared/lib/result.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { MessageRow } from '../ipc/message-rows.ts';
import type { OutboxRow, SavedRow } from '../ipc/writing.ts';
import { nodeClock, nodeRandom } from './node-ports.ts';
import { openAccount } from './open-account.ts';
import { accountDir, AccountRegistry } from './session/account-registry.ts';
import { CoreDriver, refusing } from './testing/core-driver.ts';
import { CONVERSATION, id, ME, ORG, PEER, SERVER_URL, TestLog } from './testing/logs.ts';

const accountId = '00000000-0000-7000-8000-0000000000a2';
const group = id(0x77);
const stranger = id(0x88);
const cleo = id(0x99);
let dataDir = '';
let core: CoreDriver;
let said = '';
let forwardedBefore = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'curlew-keeping-'));
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
  const log = new TestLog();
  log.create();
  said = log.say('Bring the **keys**').opId;
  const payload = { text: 'from afar', replyTo: null, composedAt: 1_700_000_000_000 };
  const extras = { forwardedFrom: stranger };
  forwardedBefore = id(0x222);
  log.append('message:new', { messageId: forwardedBefore, ...payload, extras }, PEER, forwardedBefore);
  stores.ingest.applyEvents(log.id, log.events);
  const other = new TestLog(group);
  other.append('conversation:updated', {
    created: true,
    orgId: ORG,
    kind: 'group',
    protection: 'server',
    title: 'Door 4',
    members: [{ userId: ME, role: 'owner' }],
  });
  stores.ingest.applyEvents(other.id, other.events);
  const entry = (key: string, value: object) => ({ key, value, revSeq: 1 });
  stores.ingest.applyLogState(ORG, 'org', {
    asOf: 1,
    chain: '0123456789abcdef',
    entries: [
      entry(`person:${PEER}`, { name: 'Ben' }),
      entry(`person:${cleo}`, { name: 'Cleo' }),
      entry(`role:${cleo}`, { role: 'member' }),
    ],
  });
  stores.close();
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
});
afterEach(() => {
  core.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function messages(conversationId: string): Promise<readonly MessageRow[]> {
  const state = await core.view('timeline', { conversationId, at: { kind: 'end' }, limit: 50 });
  return state.order.map((key) => must(state.rows[key], 'a row of the order') as MessageRow);
}

const forward = (messageId: string, to: readonly object[], comment = '') =>
  core.intent('message.forward', { conversationId: CONVERSATION, messageId, to, comment });

it('forwards to a group and to somebody never written to, with a comment behind it', async () => {
  const to = [
    { kind: 'conversation', id: group },
    { kind: 'person', id: cleo },
  ];
  expect(await forward(said, to, ' For you ')).toMatchObject({ ok: true });
  core.stop();
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
  const copy = { text: 'Bring the **keys**', forwardedFrom: { name: 'Ben' }, isOwn: true, state: 'queued' };
  expect(await messages(group)).toMatchObject([copy, { text: 'For you', forwardedFrom: null }]);
  const outbox = await core.view('outbox', {});
  const waiting = Object.values(outbox.rows) as OutboxRow[];
  const begun = must(waiting.find(({ action }) => action === 'create')?.conversationId, 'a conversation');
  expect(await messages(begun)).toMatchObject([copy, { text: 'For you' }]);
});

it('names who wrote it first, also the second time, and nobody this device does not know', async () => {
  await forward(forwardedBefore, [{ kind: 'conversation', id: group }]);
  expect(await messages(group)).toMatchObject([{ text: 'from afar', forwardedFrom: { name: null } }]);
});

it('forwards what stands on the screen: an edit that waits, nothing that was deleted', async () => {
  const sent = await core.intent('message.send', {
    conversationId: CONVERSATION,
    text: 'tpyo',
    replyTo: null,
  });
  const messageId = must(sent.ok ? sent.value.messageId : undefined, 'it was sent');
  await core.intent('message.edit', { conversationId: CONVERSATION, messageId, text: 'typo' });
  await forward(messageId, [{ kind: 'conversation', id: group }]);
  expect(await messages(group)).toMatchObject([{ text: 'typo', forwardedFrom: {} }]);
  await core.intent('message.delete', { conversationId: CONVERSATION, messageId: said, forEveryone: true });
  const late = await forward(said, [{ kind: 'conversation', id: group }]);
  expect(late).toMatchObject({ ok: false, error: { code: 'TARGET_DELETED' } });
  expect(await messages(group)).toHaveLength(1);
});

it('saves on this device at once, the last first, and takes it back', async () => {
  const saved = async (conversationId: string | null = null) => {
    const { order, rows } = await core.view('saved', { conversationId });
    return order.map((key) => rows[key] as SavedRow);
  };
  const save = (messageId: string, on: boolean) =>
    core.intent('message.save', { conversationId: CONVERSATION, messageId, on });
  await save(said, true);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await save(forwardedBefore, true);
  expect(await saved()).toMatchObject([
    { messageId: forwardedBefore, text: 'from afar' },
    { messageId: said, text: 'Bring the **keys**', senderName: 'Ben', conversationTitle: 'Ben' },
  ]);
  core.stop();
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
  expect(await saved(group)).toEqual([]);
  await save(said, false);
  expect(await saved(CONVERSATION)).toMatchObject([{ messageId: forwardedBefore }]);
  await save(id(0x333), true);
  expect(await saved()).toMatchObject([{ messageId: id(0x333), text: null, atMs: null }, {}]);
});
