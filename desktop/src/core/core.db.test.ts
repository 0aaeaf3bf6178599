/**
 * The core as main sees it, on a real disk and without a server: what must work offline from the first moment, with an
 * expired token and after a restart. The network refuses everything.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok } from '@curlew/shared/lib/result.ts';
import type { IntentName } from '../ipc/intents.ts';
import { nodeClock, nodeRandom } from './node-ports.ts';
import { openAccount } from './open-account.ts';
import { accountDir, AccountRegistry } from './session/account-registry.ts';
import { CoreDriver, refusing } from './testing/core-driver.ts';
import { id, TestLog } from './testing/logs.ts';

const account = {
  accountId: '00000000-0000-7000-8000-0000000000a0',
  serverUrl: 'https://chat.example.org',
  userId: '00000000-0000-7000-8000-0000000000a1',
  deviceId: '00000000-0000-7000-8000-0000000000a2',
  email: 'ada@example.org',
  name: 'Ada',
  orgs: [],
  needsSignIn: false,
};
const conversationId = '00000000-0000-7000-8000-0000000000c0';

/** Puts conversations into the account's cache, each with two messages of another person. */
function fillCache(logs: readonly TestLog[], peerId: string): void {
  const stores = openAccount({
    dir: accountDir(dataDir, account.accountId),
    serverUrl: account.serverUrl,
    userId: account.userId,
    clock: nodeClock,
    random: nodeRandom,
    log: () => undefined,
  });
  for (const log of logs) {
    log.create();
    log.say('one', peerId);
    log.say('two', peerId);
    stores.ingest.applyEvents(log.id, log.events);
  }
  stores.close();
}

let dataDir = '';
const open: CoreDriver[] = [];
const start = (transport = refusing('OFFLINE')): CoreDriver => {
  const driver = new CoreDriver(dataDir, transport);
  open.push(driver);
  return driver;
};
const settled = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 50));

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'curlew-core-'));
});
afterEach(() => {
  for (const driver of open.splice(0)) driver.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('without an account', () => {
  it('is ready, shows nobody, and refuses what needs one', async () => {
    const core = start();
    expect(core.said).toContainEqual({ type: 'ready' });
    expect((await core.view('session', {})).meta).toMatchObject({ state: 'none' });
    const answer = await core.intent('message.send', { conversationId, text: 'hello', replyTo: null });
    expect(answer).toMatchObject({ ok: false, error: { code: 'AUTH_REQUIRED' } });
  });

  it('refuses plain http to another machine before anything is sent', async () => {
    const request = { serverUrl: 'http://chat.example.org', email: 'ada@example.org', password: 'secret' };
    expect(await start().intent('session.signIn', request)).toMatchObject({
      ok: false,
      error: { code: 'INSECURE_ADDRESS' },
    });
  });
});

describe('offline, with an account', () => {
  beforeEach(() => new AccountRegistry(dataDir, 0).putCurrent(account));

  it('composes at once and shows it again after a restart, without a sign-in wall', async () => {
    const before = start();
    expect((await before.intent('message.send', { conversationId, text: 'one', replyTo: null })).ok).toBe(
      true,
    );
    expect((await before.intent('message.send', { conversationId, text: 'two', replyTo: null })).ok).toBe(
      true,
    );
    before.stop();
    const after = start();
    expect((await after.view('session', {})).meta).toMatchObject({ state: 'active', needsSignIn: false });
    expect(await after.texts(conversationId)).toEqual(['one', 'two']);
    expect((await after.view('connection', {})).meta).toMatchObject({ waiting: 2 });
  });

  it('shows an own message before it answers; all else follows, in one message', async () => {
    const core = start();
    await core.view('outbox', {});
    await core.view('outbox', {});
    expect(await core.texts(conversationId)).toEqual([]);
    await settled();
    core.said.length = 0;
    await core.intent('message.send', { conversationId, text: 'mine', replyTo: null });
    await settled();
    const told = core.said.flatMap((message) => {
      if (message.type === 'intentAnswer') return ['answer'];
      return message.type === 'viewsChanged' ? [message.changes.map(({ viewId }) => viewId).join()] : [];
    });
    // The core opens a view of its own first, for the badge.
    expect(told).toEqual(['4', 'answer', '2,3']);
  });

  it('refuses a message over the limit in words, and keeps nothing of it', async () => {
    const core = start();
    const text = 'x'.repeat(2_000_000);
    const answer = await core.intent('message.send', { conversationId, text, replyTo: null });
    expect(answer).toMatchObject({ ok: false, error: { code: 'TOO_LARGE' } });
    expect(await core.texts(conversationId)).toEqual([]);
  });

  it('goes on reading and composing when the sign-in was revoked, now and after a restart', async () => {
    const core = start(refusing('AUTH_REVOKED'));
    await settled();
    expect((await core.view('session', {})).meta).toMatchObject({ state: 'active', needsSignIn: true });
    expect((await core.view('connection', {})).meta).toMatchObject({ state: 'signInAgain' });
    expect((await core.intent('message.send', { conversationId, text: 'kept', replyTo: null })).ok).toBe(
      true,
    );
    core.stop();
    const again = start();
    expect((await again.view('session', {})).meta).toMatchObject({ needsSignIn: true });
    expect(await again.texts(conversationId)).toEqual(['kept']);
  });

  it('removes everything when its owner asked for that', async () => {
    const core = start(refusing('AUTH_REVOKED', true));
    await settled();
    expect((await core.view('session', {})).meta).toMatchObject({ state: 'none' });
    expect(new AccountRegistry(dataDir, 0).current()).toBeUndefined();
  });

  it('asks before it signs out with something unsent, and drops it only on demand', async () => {
    const core = start();
    await core.intent('message.send', { conversationId, text: 'unsent', replyTo: null });
    const wouldLose = { messages: 1, drafts: 0, changes: 0 };
    expect(await core.intent('session.signOut', { ifUnsent: 'ask' })).toEqual(
      ok({ signedOut: false, wouldLose }),
    );
    expect(await core.texts(conversationId)).toEqual(['unsent']);
    expect(await core.intent('session.signOut', { ifUnsent: 'drop' })).toEqual(
      ok({ signedOut: true, wouldLose }),
    );
    expect((await core.view('session', {})).meta).toMatchObject({ state: 'none' });
  });

  it('marks everything read, archived and all, and says how to take that back', async () => {
    const unread = [1, 2].map((n) => new TestLog(id(0xc00 + n)));
    fillCache(unread, id(0xa2));
    const core = start();
    const counts = async (): Promise<unknown[]> => {
      const states = await Promise.all(
        ['all', 'archived'].map((filter) => core.view('conversations', { filter, offset: 0, limit: 9 })),
      );
      return unread.map((log) =>
        states.flatMap(({ rows }) => (rows[log.id] ? [(rows[log.id] as { unread: number }).unread] : [])),
      );
    };
    await core.intent('conversation.archive', { conversationId: unread[1]?.id, on: true });
    expect(await counts()).toEqual([[2], [2]]);
    const answer = await core.intent('conversation.markAllRead', {});
    const marked = unread.map((log) => ({ conversationId: log.id, fromSeq: 2 }));
    expect(answer).toEqual(ok({ marked: expect.arrayContaining(marked), threads: [] }));
    expect(await counts()).toEqual([[0], [0]]);
    expect(await core.intent('conversation.markAllRead', {})).toEqual(ok({ marked: [], threads: [] }));
    for (const mark of marked) await core.intent('conversation.markUnread', mark);
    expect(await counts()).toEqual([[2], [2]]);
  });

  it('marks the replies of threads unread again with everything else', async () => {
    const log = new TestLog(id(0xc05));
    fillCache([log], id(0xa2));
    const rootId = id(0xd01);
    const stores = openAccount({
      dir: accountDir(dataDir, account.accountId),
      serverUrl: account.serverUrl,
      userId: account.userId,
      clock: nodeClock,
      random: nodeRandom,
      log: () => undefined,
    });
    log.say('mine', account.userId, rootId);
    const payload = { messageId: id(0xd02), text: 'reply', replyTo: null, threadRootId: rootId };
    log.append('message:new', { ...payload, composedAt: 1_700_000_000_000 }, id(0xa2), id(0xd02));
    stores.ingest.applyEvents(log.id, log.events.slice(3));
    stores.close();
    const core = start();
    const threadUnread = async (): Promise<number | undefined> => {
      const { rows } = await core.view('conversations', { filter: 'all', offset: 0, limit: 9 });
      return (rows[log.id] as { threadUnread: number } | undefined)?.threadUnread;
    };
    expect(await threadUnread()).toBe(1);
    const answer = await core.intent('conversation.markAllRead', {});
    expect(await threadUnread()).toBe(0);
    const thread = { conversationId: log.id, rootId, fromSeq: 5 };
    expect(answer).toMatchObject({ value: { threads: [thread] } });
    await core.intent('thread.markUnread', thread);
    expect(await threadUnread()).toBe(1);
  });

  it('answers invalid requests and unknown names, and goes on', async () => {
    const core = start();
    expect(await core.intent('message.send', { conversationId: 'x' })).toMatchObject({
      ok: false,
      error: { code: 'BAD_REQUEST' },
    });
    expect(await core.intent('no.such' as IntentName, {})).toMatchObject({ ok: false });
    expect((await core.intent('connection.retryNow', {})).ok).toBe(true);
  });
});
