/** The report of an account that is full of words which must not be in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { must } from '@curlew/shared/lib/result.ts';
import { nodeClock, nodeRandom } from '../core/node-ports.ts';
import { openAccount } from '../core/open-account.ts';
import { accountDir, AccountRegistry } from '../core/session/account-registry.ts';
import { CoreDriver, refusing } from '../core/testing/core-driver.ts';
import { CONVERSATION, id, ME, ORG, PEER, TestLog } from '../core/testing/logs.ts';
import type { CoreFacts } from '../ipc/diagnostics.ts';
import { AboutFacts } from './about.ts';
import { readLogTail, reportText, type ReportParts } from './diagnostics.ts';
import { openLogFile } from './log-file.ts';
import { defaultPreferences } from './preferences.ts';
import { measureFiles } from './storage-files.ts';
import { noUpdates } from './updates/updates.ts';

const accountId = id(0xa0);
/** Each a word that stands nowhere else. */
const secrets = {
  message: 'Marker-Message',
  draft: 'Marker-Draft',
  waiting: 'Marker-Waiting',
  title: 'Marker-Title',
  person: 'Marker-Person',
  own: 'Marker-Own',
  email: 'marker@mail.example',
  server: 'marker-server.example',
  org: 'Marker-Org',
  token: 'Marker-Token',
  password: 'Marker-Password',
  proxy: 'marker-proxy.example',
  proxyUser: 'marker-proxy-user',
  pac: 'marker-pac.example',
  authority: 'Marker-Authority',
  user: 'markeruser',
  computer: 'marker-computer',
};
let dataDir = '';
let core: CoreDriver;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'curlew-report-'));
  const serverUrl = `https://${secrets.server}`;
  new AccountRegistry(dataDir, 0).putCurrent({
    accountId,
    serverUrl,
    userId: ME,
    deviceId: id(0xd),
    email: secrets.email,
    name: secrets.own,
    orgs: [{ id: ORG, name: secrets.org, role: 'owner' }],
    needsSignIn: false,
  });
  const log = (): undefined => undefined;
  const dir = accountDir(dataDir, accountId);
  const stores = openAccount({ dir, serverUrl, userId: ME, clock: nodeClock, random: nodeRandom, log });
  const direct = new TestLog();
  direct.create();
  direct.say(secrets.message);
  stores.ingest.applyEvents(direct.id, direct.events);
  const group = new TestLog(id(0x77));
  const members = [{ userId: ME, role: 'owner' as const }];
  group.append('conversation:updated', {
    created: true,
    orgId: ORG,
    kind: 'group',
    protection: 'server',
    title: secrets.title,
    members,
  });
  stores.ingest.applyEvents(group.id, group.events);
  stores.ingest.applyLogState(ORG, 'org', {
    asOf: 1,
    chain: '0123456789abcdef',
    entries: [{ key: `person:${PEER}`, value: { name: secrets.person }, revSeq: 1 }],
  });
  stores.close();
  core = new CoreDriver(dataDir, refusing('OFFLINE'), () =>
    Promise.resolve({ ok: true, value: secrets.token }),
  );
});
afterEach(() => {
  core.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function parts(): Promise<ReportParts> {
  await core.intent('message.send', { conversationId: CONVERSATION, text: secrets.waiting, replyTo: null });
  await core.intent('draft.save', {
    conversationId: CONVERSATION,
    draft: { text: secrets.draft, replyTo: null },
  });
  const answer = await core.intent<CoreFacts>('diagnostics.facts', {});
  if (!answer.ok) throw new Error(answer.error.code);
  const logs = join(dataDir, 'logs');
  const file = openLogFile(logs, () => 0);
  // What the core logged, what nobody should log, and ids and places as they may stand in it.
  for (const said of core.said) if (said.type === 'log') file.log(said.level, said.event, said.fields);
  file.log('error', 'test.words', { what: `${secrets.message} and more`, email: secrets.email });
  file.log('error', 'test.place', { at: `/home/${secrets.user}/app/main.js:1`, host: secrets.computer });
  for (const each of [CONVERSATION, PEER, CONVERSATION]) file.log('warn', 'test.id', { id: each, count: 3 });
  await file.flush();
  const about = new AboutFacts('0.1.0', { electron: '45.4.1' }, () => {});
  about.know({ serverUrl: `https://${secrets.server}`, serverVersion: '0.1.0' });
  return {
    nowMs: 0,
    about: about.meta,
    updates: noUpdates,
    preferences: defaultPreferences,
    network: {
      settings: {
        mode: 'manual',
        type: 'socks5',
        host: secrets.proxy,
        port: 1080,
        user: secrets.proxyUser,
        pacUrl: `https://${secrets.pac}/proxy.pac`,
      },
      password: 'kept',
      authority: { subject: secrets.authority, certificates: 1, validToMs: 5 },
    },
    files: await measureFiles(dataDir),
    core: answer.value,
    system: { platform: 'linux' },
    log: await readLogTail(logs),
    own: { '~': `/home/${secrets.user}`, '[user]': secrets.user, '[computer]': secrets.computer },
  };
}

it('holds none of what people wrote, who they are and where they go', async () => {
  const text = reportText(await parts());
  for (const secret of Object.values(secrets)) expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
  for (const each of [ME, PEER, ORG, CONVERSATION, accountId]) expect(text).not.toContain(each);
});

it('holds what helps: counts, states, sizes, health, and a log in which the same id has the same name', async () => {
  const report = JSON.parse(reportText(await parts())) as {
    core: CoreFacts;
    log: { event: string; id?: string; what?: string; at: string; host?: string }[];
    files: { messages: number };
  };
  expect(must(report.core.account, 'somebody is signed in')).toMatchObject({
    connection: 'offline',
    organizations: 1,
    cache: { message: 1, conversation: 2 },
    outbox: { READY: 1 },
    drafts: 1,
    health: { cache: 'ok', outbox: 'ok' },
  });
  expect(report.files.messages).toBeGreaterThan(10_000);
  const lines = report.log.filter(({ event }) => event.startsWith('test.'));
  expect(lines[0]?.what).toBe('[withheld]');
  expect(lines[1]?.host).toBe('[computer]');
  const ids = lines.slice(2).map((line) => line.id);
  expect(ids[0]).toMatch(/^id\d+$/u);
  expect(ids[2]).toBe(ids[0]);
  expect(ids[1]).not.toBe(ids[0]);
});

it('is made also where nobody is signed in, or the core does not answer', async () => {
  await core.intent('session.signOut', { ifUnsent: 'drop' });
  const answer = await core.intent<CoreFacts>('diagnostics.facts', {});
  expect(answer).toEqual({ ok: true, value: { accounts: 0, account: null } });
  expect(await readLogTail(join(dataDir, 'none'))).toEqual([]);
});
