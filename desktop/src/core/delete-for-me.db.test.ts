/** Deleting a message on one's own devices and taking that back, from intent to view and across a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nodeClock, nodeRandom } from './node-ports.ts';
import { openAccount } from './open-account.ts';
import { accountDir, AccountRegistry } from './session/account-registry.ts';
import { CoreDriver, refusing } from './testing/core-driver.ts';
import { CONVERSATION, id, ME, SERVER_URL, TestLog } from './testing/logs.ts';

const accountId = '00000000-0000-7000-8000-0000000000a0';
let dataDir = '';
let core: CoreDriver;
let messageId = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'curlew-delete-'));
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
  log.create();
  messageId = log.say('one').opId;
  log.say('two');
  stores.ingest.applyEvents(log.id, log.events);
  stores.close();
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
});
afterEach(() => {
  core.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('is done when it is answered, and undone for whoever looks at that moment', async () => {
  const about = { conversationId: CONVERSATION, messageId };
  expect(await core.texts(CONVERSATION)).toEqual(['one', 'two']);
  expect((await core.intent('message.delete', { ...about, forEveryone: false })).ok).toBe(true);
  core.stop();
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
  expect(await core.texts(CONVERSATION)).toEqual(['two']);
  core.said.length = 0;
  expect((await core.intent('message.restore', about)).ok).toBe(true);
  await vi.waitFor(() =>
    expect(core.said.filter(({ type }) => type === 'viewsChanged').map((it) => JSON.stringify(it))).toEqual(
      expect.arrayContaining([expect.stringContaining('"text":"one"')]),
    ),
  );
  expect(await core.texts(CONVERSATION)).toEqual(['one', 'two']);
});
