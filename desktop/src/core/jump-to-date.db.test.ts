/** Going to a day without a network: by what this device holds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeClock, nodeRandom } from './node-ports.ts';
import { openAccount } from './open-account.ts';
import { accountDir, AccountRegistry } from './session/account-registry.ts';
import { CoreDriver, refusing } from './testing/core-driver.ts';
import { CONVERSATION, id, ME, SERVER_URL, TestLog } from './testing/logs.ts';

const accountId = '00000000-0000-7000-8000-0000000000a3';
const log = new TestLog();
log.create();
const said = Array.from({ length: 60 }, (_, index) => log.say(`message ${index}`));
let dataDir = '';
let core: CoreDriver;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'curlew-jump-'));
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
  stores.ingest.applyEvents(log.id, log.events);
  stores.close();
  core = new CoreDriver(dataDir, refusing('OFFLINE'));
});
afterEach(() => {
  core.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const jump = (atMs: number, conversationId = CONVERSATION) =>
  core.intent('history.jumpToDate', { conversationId, atMs });

it('finds the first message since every moment there is, the first of all and the last', async () => {
  for (const { at, opId } of said) {
    expect(await jump(at)).toEqual({ ok: true, value: { messageId: opId } });
    expect(await jump(at - 999)).toEqual({ ok: true, value: { messageId: opId } });
  }
  expect(await jump(0)).toMatchObject({ value: { messageId: said[0]?.opId } });
  expect(await jump(9_999_999_999_999)).toMatchObject({ value: { messageId: said.at(-1)?.opId } });
});

it('says that there is nothing where there is nothing', async () => {
  expect(await jump(0, id(0xabc))).toMatchObject({ ok: false, error: { code: 'NOT_FOUND' } });
});
