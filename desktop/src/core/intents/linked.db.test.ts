/** The one conversation of an item, asked for without a network: made once, found again, ended and opened. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { IntentAnswer, IntentName, IntentRequest } from '../../ipc/intents.ts';
import type { ConversationMeta } from '../../ipc/views.ts';
import { AccountRegistry } from '../session/account-registry.ts';
import { CoreDriver, refusing } from '../testing/core-driver.ts';
import { id, ME, ORG, PEER, SERVER_URL } from '../testing/logs.ts';

let dataDir = '';
let core: CoreDriver;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'curlew-linked-'));
  new AccountRegistry(dataDir, 0).putCurrent({
    accountId: id(0xa0),
    serverUrl: SERVER_URL,
    userId: ME,
    deviceId: id(0xa2),
    email: 'ada@example.org',
    name: 'Ada',
    orgs: [],
    needsSignIn: false,
  });
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
});
afterEach(() => {
  core.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function does<I extends IntentName>(name: I, request: IntentRequest<I>): Promise<IntentAnswer<I>> {
  const answer = await core.intent(name, request);
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value as IntentAnswer<I>;
}
const item = { orgId: null, type: 'ticket', id: 'FM-2481' };
const create = {
  orgId: ORG,
  title: 'Cooling fault',
  url: 'https://tickets.example.org/FM-2481',
  memberIds: [PEER, ME, PEER],
};
const meta = async (conversationId: string) =>
  (await core.view('conversation', { conversationId })).meta as ConversationMeta;

it('is null while nobody asked for one, then the same however often and wherever one asks', async () => {
  expect(await does('linked.open', { ...item, create: null })).toEqual({ conversationId: null });
  const { conversationId } = await does('linked.open', { ...item, create });
  if (conversationId === null) throw new Error('it was made');
  for (const orgId of [null, ORG]) {
    for (const asked of [null, create]) {
      expect(await does('linked.open', { ...item, orgId, create: asked })).toEqual({ conversationId });
    }
  }
  expect(await does('linked.open', { ...item, orgId: id(0x77), create: null })).toEqual({
    conversationId: null,
  });
  expect(await does('linked.open', { ...item, type: 'order', create: null })).toEqual({
    conversationId: null,
  });
  expect(await meta(conversationId)).toMatchObject({
    exists: true,
    row: { kind: 'linked', title: 'Cooling fault', itemId: 'FM-2481' },
    link: { type: 'ticket', id: 'FM-2481', url: create.url, status: '' },
    ownRole: 'owner',
    canPost: true,
  });
  expect((await meta(conversationId)).members.map((member) => member.id)).toEqual([ME, PEER]);
});

it('closes and opens again at once', async () => {
  const { conversationId } = await does('linked.open', { ...item, create });
  if (conversationId === null) throw new Error('it was made');
  await does('conversation.setClosed', { conversationId, isClosed: true });
  expect(await meta(conversationId)).toMatchObject({ isClosed: true, canPost: false });
  await does('conversation.setClosed', { conversationId, isClosed: false });
  expect(await meta(conversationId)).toMatchObject({ isClosed: false, canPost: true });
});
