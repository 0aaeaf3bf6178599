// long-file: the odd cases of one format, on one export that is packed anew for each.
/** Import of a Slack export on real PostgreSQL: what arrives, that twice is once, and every odd case of such an export. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HERE } from '@curlew/shared/domain/message.ts';
import { must } from '@curlew/shared/lib/result.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createIdentityRepository } from '../../repositories/identity-repository.ts';
import { expectOk, openWorld, sendOp, submitOne, type TestPerson, type World } from '../testing/world.ts';
import { writeReport } from '../../testing/report.ts';
import { importIds, type ImportIds } from './ids.ts';
import { importSlack, type ImportRequest, type ImportReport } from './import.ts';
import { openImport } from './open-import.ts';
import {
  packExport,
  slackChannel,
  slackMessage,
  slackUser,
  tsOf,
  writeBigExport,
} from './testing/slack-export.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'curlew-slack-'));
const zipPath = path.join(folder, 'export.zip');
let world: World;
let owner: TestPerson;
let ids: ImportIds;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});
/** An organisation of its own for each test, so that nothing one imports is there for the next. */
beforeEach(async () => {
  const next = await openWorld(world.database);
  world = { ...next, close: world.close };
  owner = await world.colleague('Olga');
  const secret = await openImport(world.database).repository.secret(world.orgId, true);
  ids = importIds(must(secret, 'it was just made'));
});

const users = [
  slackUser('U1', 'Ann Lee'),
  slackUser('U2', 'Ben Ode'),
  slackUser('U3', 'Gone Girl', { deleted: true }),
  slackUser('B1U', 'Build Bot', { is_bot: true, profile: { bot_id: 'B1', email: undefined } }),
  slackUser('U4', 'Guest Gus', { is_ultra_restricted: true }),
];
const channels = [slackChannel('C1', 'general', ['U1', 'U2'])];

async function run(request: Partial<ImportRequest> = {}): Promise<ImportReport> {
  return expectDone(
    await importSlack(openImport(world.database), {
      zipPath,
      orgId: world.orgId,
      isDryRun: false,
      isPaused: () => false,
      onProgress: () => undefined,
      ...request,
    }),
  );
}

function expectDone(done: Awaited<ReturnType<typeof importSlack>>): ImportReport {
  if (!done.ok) throw new Error(`expected an import, got ${JSON.stringify(done.error)}`);
  return done.value;
}

interface Row {
  readonly id: string;
  readonly text: string | null;
  readonly sender: string;
  readonly at: number;
  readonly edited: number | null;
  readonly deleted: number | null;
  readonly root: string | null;
  readonly mentions: readonly string[];
}

async function messagesOf(conversationId: string): Promise<readonly Row[]> {
  const { rows } = await world.database.readPool.query<Row>(
    `SELECT m.id, text, sender_id AS sender, created_at_ms AS at, edited_at_ms AS edited, deleted_at_ms AS deleted,
       thread_root_id AS root, mentions FROM message m
     WHERE conversation_id = $1 AND class = 'content' ORDER BY create_seq`,
    [conversationId],
  );
  return rows;
}

async function day(
  messages: readonly unknown[],
  more: Record<string, unknown> = {},
): Promise<readonly Row[]> {
  packExport(zipPath, { users, channels }, { 'general/2024-01-01': messages, ...more });
  await run();
  return messagesOf(ids.conversation('C1'));
}

async function accountOf(
  userId: string,
): Promise<{ email: string | null; bot_of: string | null } | undefined> {
  const { rows } = await world.database.readPool.query<{ email: string | null; bot_of: string | null }>(
    'SELECT email, bot_of FROM user_account WHERE id = $1',
    [userId],
  );
  return rows[0];
}

async function standing(
  userId: string,
): Promise<{ role: string; isIn: boolean; isDeactivated: boolean } | undefined> {
  const { rows } = await world.database.readPool.query<{
    role: string;
    isIn: boolean;
    isDeactivated: boolean;
  }>(
    `SELECT role, left_seq IS NULL AS "isIn", is_deactivated AS "isDeactivated" FROM org_member
     WHERE org_id = $1 AND user_id = $2`,
    [world.orgId, userId],
  );
  return rows[0];
}

/** A device of somebody who was imported, as if they had signed in. */
async function asPerson(slackId: string): Promise<TestPerson> {
  return world.device({ userId: ids.person(slackId), deviceId: '', fence: 1, name: slackId });
}

test('a whole export arrives: as many as were written, in their order and time, read by everybody; twice adds nothing', async () => {
  // The full size is 50,000; the normal run keeps to what takes some seconds.
  const size = Number(process.env['CURLEW_IMPORT_MESSAGES'] ?? 2_000);
  const written = writeBigExport(zipPath, size);
  const startedMs = performance.now();
  const report = await run();
  const seconds = (performance.now() - startedMs) / 1_000;
  expect(report.problems).toEqual([]);
  expect(report.messages).toEqual({ added: written.messages, present: 0, skipped: written.skipped });
  expect(report.changes).toEqual({
    added: written.reactions + written.edits + written.tombstones,
    present: 0,
  });
  expect(report.conversations).toEqual({ added: written.channels, present: 0, unreadable: 0 });

  const { rows } = await world.database.readPool.query<Record<string, number>>(
    `SELECT count(*)::int AS messages, count(m.deleted_at_ms)::int AS tombstones, count(m.edited_at_ms)::int AS edits,
       count(m.thread_root_id)::int AS replies, (SELECT count(*)::int FROM reaction r JOIN message x ON x.id = r.message_id
         JOIN conversation c ON c.id = x.conversation_id WHERE c.org_id = $1) AS reactions
     FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE c.org_id = $1 AND m.class = 'content'`,
    [world.orgId],
  );
  const { messages, tombstones, edits, replies, reactions } = written;
  expect(rows[0]).toEqual({ messages, tombstones, edits, replies, reactions });

  const general = await messagesOf(ids.conversation('C000'));
  const times = general.map(({ at }) => at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(times[0]).toBe(1_704_067_200_000);
  // What the log says is what the rows say, link by link.
  const heads = expectOk(await world.services.heads((await asPerson('U000')).userId, {})).logs;
  const conversations = heads.filter(({ kind }) => kind === 'conversation');
  expect(conversations).toHaveLength(10);
  for (const { unread, mentions: named, threads } of conversations)
    expect({ unread, named, threads }).toEqual({ unread: 0, named: 0, threads: [] });
  const broken = await world.database.readPool.query(
    `SELECT 1 FROM (SELECT e.*, lag(e.chain, 1, '\\x0000000000000000') OVER (PARTITION BY e.log_id ORDER BY e.seq) AS before,
        row_number() OVER (PARTITION BY e.log_id ORDER BY e.seq) AS number
      FROM event e JOIN log l ON l.id = e.log_id WHERE l.org_id = $1) e
     WHERE e.seq <> e.number OR e.chain <> curlew_chain(e.before, e.log_id, e.seq, e.op_id, e.op_hash)`,
    [world.orgId],
  );
  expect(broken.rows).toEqual([]);

  const again = await run();
  expect(again.messages).toEqual({ added: 0, present: written.messages, skipped: written.skipped });
  expect(again.changes.added).toBe(0);
  expect(again.conversations.added).toBe(0);
  expect(await messagesOf(ids.conversation('C000'))).toEqual(general);
  writeReport('slack-import', { messages: written.messages, seconds, messagesPerSecond: messages / seconds });
});

test('a dry run says the same and writes nothing', async () => {
  writeBigExport(zipPath, 200);
  const { rows: before } = await world.database.readPool.query('SELECT count(*) FROM event');
  const dry = await run({ isDryRun: true });
  expect((await world.database.readPool.query('SELECT count(*) FROM event')).rows).toEqual(before);
  expect(await accountOf(ids.person('U000'))).toBeUndefined();
  const { messages, changes, conversations, people } = await run();
  expect(dry).toMatchObject({ messages, changes, conversations, people });
});

test('a pause ends between batches, and the next run goes on from there', async () => {
  const written = writeBigExport(zipPath, 600);
  let batches = 0;
  const first = await run({ isPaused: () => (batches += 1) > 12 });
  expect(first.isPaused).toBe(true);
  expect(first.messages.added).toBeGreaterThan(0);
  expect(first.messages.added).toBeLessThan(written.messages);
  // Who had left Slack is let go only at the end, so that nothing of theirs is missing.
  expect((await standing(ids.person('U012')))?.isIn).toBe(true);
  const second = await run();
  expect(first.messages.added + second.messages.added).toBe(written.messages);
  expect(second.messages.present).toBe(first.messages.added);
  expect((await standing(ids.person('U012')))?.isIn).toBe(false);
});

test('people: members are found by their address, others get an account nobody can sign in to', async () => {
  const ben = await world.colleague('Ben');
  const eve = await world.person('Eve');
  const list = [
    ...users.filter(({ id }) => id !== 'U2'),
    slackUser('U2', 'Ben Ode', { profile: { email: `${ben.userId}@TEST` } }),
    slackUser('U5', 'Eve', { profile: { email: `${eve.userId}@test` } }),
  ];
  const days = { 'general/2024-01-01': [slackMessage('U2', 1, 'mine'), slackMessage('U5', 2, 'hers')] };
  packExport(zipPath, { users: list, channels: [slackChannel('C1', 'general', ['U1', 'U2', 'U5'])] }, days);
  const report = await run();
  const fates = Object.fromEntries(report.people.map(({ slackId, fate }) => [slackId, fate]));
  expect(fates).toEqual({
    U1: 'imported',
    U2: 'matched',
    U3: 'former',
    U4: 'imported',
    U5: 'elsewhere',
    B1U: 'bot',
  });

  const [mine, hers] = await messagesOf(ids.conversation('C1'));
  expect(mine?.sender).toBe(ben.userId);
  expect(hers?.sender).toBe(ids.person('U5'));
  // Eve's account was not touched: not a member, not the author, her address still hers.
  expect(await standing(eve.userId)).toBeUndefined();
  expect((await accountOf(eve.userId))?.email).toBe(`${eve.userId}@test`);
  expect((await accountOf(ids.person('U5')))?.email).toBeNull();

  expect(await accountOf(ids.person('U1'))).toEqual({ email: 'u1@slack.example', bot_of: null });
  const placeholder = await createIdentityRepository(world.database.prisma).findByEmail('u1@slack.example');
  expect(placeholder?.passwordHash).toBeUndefined();
  expect(await standing(ids.person('U1'))).toEqual({ role: 'member', isIn: true, isDeactivated: false });
  expect(await standing(ids.person('U4'))).toMatchObject({ role: 'guest', isIn: true });
  expect(await standing(ids.person('U3'))).toEqual({ role: 'member', isIn: false, isDeactivated: true });
  expect((await accountOf(ids.person('B1U')))?.bot_of).toBe(world.orgId);

  // Ben leaves and another takes his address: a second run finds everything where it is.
  await world.database.writePool.query('UPDATE user_account SET email = NULL WHERE id = $1', [ben.userId]);
  const again = await run();
  expect(again.messages).toMatchObject({ added: 0, present: 2 });
});

test('bots write as programs, strangers as former people, and both keep their names', async () => {
  const rows = await day([
    slackMessage('', 1, 'built', {
      user: undefined,
      subtype: 'bot_message',
      bot_id: 'B1',
      username: 'builder',
    }),
    slackMessage('', 2, 'hooked', { user: undefined, subtype: 'bot_message', username: 'Legacy Hook' }),
    slackMessage('USLACKBOT', 3, 'I am a bot', { subtype: 'slackbot_response', user_profile: undefined }),
    slackMessage('UX', 4, 'from afar', { user_profile: { real_name: 'Far Away' } }),
    slackMessage('', 5, '', {
      user: undefined,
      subtype: 'bot_message',
      bot_id: 'B9',
      bot_profile: { name: 'Alerts' },
      attachments: [
        {
          title: 'CPU',
          title_link: 'https://x.org/cpu',
          text: '*high* &lt;90%',
          fields: [{ title: 'Host', value: 'a1' }],
        },
      ],
    }),
  ]);
  expect(rows.map(({ text }) => text)).toEqual([
    'built',
    'hooked',
    'I am a bot',
    'from afar',
    '> CPU https://x.org/cpu\n> **high** <90%\n> Host: a1',
  ]);
  expect(rows.map(({ sender }) => sender)).toEqual(
    ['B1U', 'name:Legacy Hook', 'USLACKBOT', 'UX', 'B9'].map((id) => ids.person(id)),
  );
  expect(await standing(ids.person('UX'))).toMatchObject({ isIn: false, isDeactivated: true });
  const { rows: names } = await world.database.readPool.query<{ name: string }>(
    'SELECT name FROM org_member WHERE org_id = $1 AND user_id = ANY ($2) ORDER BY name',
    [world.orgId, ['name:Legacy Hook', 'USLACKBOT', 'UX', 'B9'].map((id) => ids.person(id))],
  );
  expect(names.map(({ name }) => name)).toEqual(['Alerts', 'Far Away', 'Legacy Hook', 'USLACKBOT']);
});

test('threads: replies, broadcasts, a deleted root, and a reply whose root is not in the export', async () => {
  const rows = await day([
    slackMessage('U1', 1, 'root', { reply_count: 2 }),
    slackMessage('U2', 2, 'reply', { thread_ts: tsOf(1) }),
    slackMessage('U2', 3, 'loud', {
      thread_ts: tsOf(1),
      subtype: 'thread_broadcast',
      root: { text: 'root' },
    }),
    slackMessage('USLACKBOT', 4, 'This message was deleted.', {
      subtype: 'tombstone',
      thread_ts: tsOf(4),
      reply_count: 1,
    }),
    slackMessage('U1', 5, 'to nothing', { thread_ts: tsOf(4) }),
    slackMessage('U1', 6, 'lost', { thread_ts: tsOf(-100) }),
    slackMessage('U1', 7, '<@U1> has joined', {
      subtype: 'channel_join',
      reply_count: 1,
      thread_ts: tsOf(7),
    }),
    slackMessage('U2', 8, 'welcome', { thread_ts: tsOf(7) }),
  ]);
  const root = ids.message('C1', tsOf(1));
  const deleted = ids.message('C1', tsOf(4));
  expect(rows.map(({ text, root: of }) => [text, of])).toEqual([
    ['root', null],
    ['reply', root],
    ['loud', root],
    [null, null],
    ['to nothing', deleted],
    ['@Ann Lee has joined', null],
    ['welcome', ids.message('C1', tsOf(7))],
    ['lost', null],
  ]);
  const { rows: payload } = await world.database.readPool.query(
    `SELECT payload FROM event WHERE type = 'message:new' AND op_id = $1`,
    [deleted],
  );
  expect(payload).toEqual([{ payload: null }]);
});

test('edits keep their time, reactions their people, doubles are one', async () => {
  const rows = await day([
    slackMessage('U1', 1, 'better', { edited: { user: 'U1', ts: tsOf(61) } }),
    slackMessage('U2', 2, 'liked', {
      reactions: [
        { name: '+1', users: ['U1', 'U1', 'U3', 'UGONE'], count: 9 },
        { name: 'wave::skin-tone-2', users: ['U1'], count: 1 },
        { name: 'party_parrot', users: ['U2'], count: 1 },
      ],
    }),
    slackMessage('U2', 3, 'twice'),
    slackMessage('U2', 3, 'twice'),
    slackMessage('U1', 3, 'at the same time'),
    slackMessage('U1', 2.5, 'out of order'),
  ]);
  expect(rows.map(({ text }) => text)).toEqual([
    'better',
    'liked',
    'out of order',
    'twice',
    'at the same time',
  ]);
  expect(rows[0]).toMatchObject({ at: 1_704_067_201_000, edited: 1_704_067_261_000 });
  const { rows: reactions } = await world.database.readPool.query<{ emoji: string; user: string }>(
    `SELECT emoji, user_id AS user FROM reaction WHERE message_id = $1`,
    [ids.message('C1', tsOf(2))],
  );
  expect(reactions.map(({ emoji, user }) => `${emoji} ${user}`).sort()).toEqual(
    [
      ...['U1', 'U3', 'UGONE'].map((id) => `👍 ${ids.person(id)}`),
      `👋🏻 ${ids.person('U1')}`,
      `:party_parrot: ${ids.person('U2')}`,
    ].sort(),
  );
  // An edit of an import has no earlier text to show.
  const ann = await asPerson('U1');
  const past = expectOk(await world.services.pastTexts(ann.userId, ids.message('C1', tsOf(1))));
  expect(past.map(({ text }) => text)).toEqual(['better']);
});

test('comings and goings are left out; what somebody did is told in italics; empty messages are none', async () => {
  const rows = await day([
    ...['channel_join', 'channel_leave', 'group_join', 'bot_add'].map((subtype, index) =>
      slackMessage('U1', index, `<@U1> did ${subtype}`, { subtype }),
    ),
    slackMessage('U1', 10, '<@U1> set the channel topic: Tides &amp; times', {
      subtype: 'channel_topic',
      topic: 'x',
    }),
    slackMessage('U1', 11, '<@U1> has renamed the channel from "a" to "b"', { subtype: 'channel_name' }),
    slackMessage('U1', 12, 'waves', { subtype: 'me_message' }),
    slackMessage('U1', 13, '  '),
    slackMessage('U1', 14, '', {
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'from *blocks*' } }],
    }),
    slackMessage('U1', 15, 'new kind', { subtype: 'something_new' }),
    slackMessage('U1', 16, 'x', { type: 'something else' }),
  ]);
  expect(rows.map(({ text }) => text)).toEqual([
    '_@Ann Lee set the channel topic: Tides & times_',
    '_@Ann Lee has renamed the channel from "a" to "b"_',
    '_waves_',
    'from **blocks**',
    'new kind',
  ]);
});

test('files are kept as links, without the token of the export; those Slack has no longer keep their names', async () => {
  const rows = await day([
    slackMessage('U1', 1, 'look', {
      upload: true,
      files: [
        {
          id: 'F1',
          name: 'plan.pdf',
          title: 'The plan',
          permalink: 'https://x.slack.com/files/U1/F1/plan.pdf',
        },
        {
          id: 'F2',
          name: 'b.png',
          url_private: 'https://files.slack.com/files-pri/T-F2/b.png?t=xoxe-secret',
        },
        { id: 'F3', mode: 'tombstone', name: 'old.txt' },
        { id: 'F4', mode: 'hidden_by_limit' },
        { id: 'F5', name: 'evil', permalink: 'javascript:alert(1)' },
        null,
      ],
    }),
    slackMessage('U1', 2, '', {
      subtype: 'file_share',
      file: { name: 'only.doc', permalink: 'https://x.slack.com/o' },
    }),
  ]);
  expect(rows.map(({ text }) => text)).toEqual([
    [
      'look',
      '📎 The plan https://x.slack.com/files/U1/F1/plan.pdf',
      '📎 b.png https://files.slack.com/files-pri/T-F2/b.png',
      '📎 old.txt (no longer in Slack)',
      '📎 (no longer in Slack)',
      '📎 evil',
    ].join('\n'),
    '📎 only.doc https://x.slack.com/o',
  ]);
});

test('mentions reach the people here, and long messages are cut, not lost', async () => {
  const rows = await day([
    slackMessage('U1', 1, '<@U2> <!here> <!channel> <#C1|> &lt;'),
    slackMessage('U1', 2, `${'ü'.repeat(40_000)} end`),
  ]);
  expect(rows[0]?.text).toBe('@Ben Ode @here @everyone #general <');
  expect(rows[0]?.mentions).toEqual([ids.person('U2'), HERE, ids.conversation('C1')]);
  expect(
    rows
      .slice(1)
      .map(({ text }) => text)
      .join(''),
  ).toBe(`${'ü'.repeat(40_000)} end`);
  expect(rows).toHaveLength(3);
});

test('private channels, group and direct messages have the people they had, and nobody else', async () => {
  packExport(
    zipPath,
    {
      users,
      channels: [...channels, slackChannel('C9', 'old', [], { creator: 'U3', is_archived: true })],
      groups: [
        slackChannel('G1', 'board', ['U1', 'U4']),
        slackChannel('G9', 'deserted', [], { creator: 'U9' }),
      ],
      mpims: [slackChannel('G2', 'mpdm-u1--u2--u4-1', ['U1', 'U2', 'U4'])],
      dms: [
        { id: 'D1', created: 1, members: ['U1', 'U2'] },
        { id: 'D2', created: 1, members: ['U1', 'U3'] },
        { id: 'D3', created: 1, members: ['U1'] },
        { id: 'D4', created: 1, members: ['U1', 'USLACKBOT'] },
      ],
    },
    {
      'board/2024-01-01': [slackMessage('U1', 1, 'secret')],
      'mpdm-u1--u2--u4-1/2024-01-01': [slackMessage('U1', 1, 'us')],
      'D1/2024-01-01': [
        slackMessage('U1', 1, 'you'),
        slackMessage('U2', 2, 'in a thread', { thread_ts: tsOf(1) }),
      ],
      'D2/2024-01-01': [slackMessage('U3', 1, 'bye')],
    },
  );
  const report = await run();
  expect(report.conversations).toEqual({ added: 9, present: 0, unreadable: 1 });
  const { rows } = await world.database.readPool.query<{
    title: string | null;
    kind: string;
    members: string[];
  }>(
    `SELECT c.kind, c.title, array(SELECT o.name FROM member m JOIN org_member o ON o.org_id = c.org_id AND o.user_id = m.user_id
        WHERE m.conversation_id = c.id AND m.left_seq IS NULL ORDER BY o.name) AS members
     FROM conversation c WHERE c.org_id = $1 ORDER BY kind, title, members`,
    [world.orgId],
  );
  expect(rows.map(({ kind, title, members }) => `${kind} ${title}: ${members.join(', ')}`)).toEqual([
    'direct null: Ann Lee',
    'direct null: Ann Lee, Ben Ode',
    'group Ann Lee: Ann Lee',
    'group Ann Lee, Ben Ode, Guest Gus: Ann Lee, Ben Ode, Guest Gus',
    'group Ann Lee, USLACKBOT: Ann Lee',
    'group board: Ann Lee, Guest Gus',
    'group deserted: ',
    'group general: Ann Lee, Ben Ode',
    'group old: Olga',
  ]);
  const ann = await asPerson('U1');
  const logs = expectOk(await world.services.heads(ann.userId, {})).logs.filter(
    ({ kind }) => kind === 'conversation',
  );
  expect(logs.every(({ unread, threads }) => unread === 0 && threads.length === 0)).toBe(true);
  // The pair finds its own conversation when it is asked for.
  expect(await world.direct(ann, await asPerson('U2'))).toBe(ids.conversation('D1'));
});

test('a pair that talks here already keeps its conversation; what was said in Slack stands beside it', async () => {
  const ben = await world.colleague('Ben');
  const here = await world.direct(owner, ben);
  await submitOne(world.services, owner, sendOp(here, 'today'));
  packExport(
    zipPath,
    {
      users: [
        slackUser('U1', 'Olga', { profile: { email: `${owner.userId}@test` } }),
        slackUser('U2', 'Ben', { profile: { email: `${ben.userId}@test` } }),
      ],
      channels: [],
      dms: [{ id: 'D1', created: 1, members: ['U1', 'U2'] }],
    },
    { 'D1/2024-01-01': [slackMessage('U1', 1, 'long ago')] },
  );
  for (let times = 0; times < 2; times += 1) await run();
  expect((await messagesOf(here)).map(({ text }) => text)).toEqual(['today']);
  expect((await messagesOf(ids.conversation('D1'))).map(({ text }) => text)).toEqual(['long ago']);
});

test('a newer export adds what is new: messages, edits, reactions; what people have not read here stays unread', async () => {
  await day([slackMessage('U1', 1, 'first'), slackMessage('U1', 2, 'second')]);
  const ann = await asPerson('U1');
  const ben = await asPerson('U2');
  const general = ids.conversation('C1');
  await submitOne(world.services, ann, sendOp(general, 'written here'));
  const rows = await day([
    slackMessage('U1', 1, 'first, changed', { edited: { user: 'U1', ts: tsOf(90) } }),
    slackMessage('U1', 2, 'second', { reactions: [{ name: 'tada', users: ['U2'], count: 1 }] }),
    slackMessage('U1', 3, 'third'),
  ]);
  expect(rows.map(({ text }) => text)).toEqual(['first, changed', 'second', 'written here', 'third']);
  const unread = async (person: TestPerson): Promise<number | undefined> =>
    expectOk(await world.services.heads(person.userId, {})).logs.find(({ id }) => id === general)?.unread;
  expect(await unread(ben)).toBe(2);
});

test('pins are pinned', async () => {
  const pinned = slackChannel('C1', 'general', ['U1', 'U2'], {
    pins: [{ type: 'C', id: tsOf(1), user: 'U1' }],
  });
  packExport(
    zipPath,
    { users, channels: [pinned] },
    { 'general/2024-01-01': [slackMessage('U2', 1, 'keep')] },
  );
  await run();
  const ann = await asPerson('U1');
  const conversation = expectOk(await world.services.conversation(ann.userId, ids.conversation('C1')));
  expect(conversation.pins).toEqual([ids.message('C1', tsOf(1))]);
});

test.each([
  ['{"cut', 'NOT_JSON', undefined],
  ['{}', 'NOT_A_LIST', undefined],
  ['[{"ts":"1704067200.000001","text":"a","user":"U1"},{"text":"no time"}]', 'ITEM_INVALID', '2: ts'],
])('a file that holds %j is left out whole and named; the others arrive', async (content, code, detail) => {
  packExport(
    zipPath,
    { users, channels },
    {
      'general/2024-01-01': content,
      'general/2024-01-02': [slackMessage('U1', 90_000, 'fine')],
    },
  );
  const report = await run();
  expect(report.problems).toEqual([{ code, file: 'general/2024-01-01.json', ...(detail ? { detail } : {}) }]);
  expect((await messagesOf(ids.conversation('C1'))).map(({ text }) => text)).toEqual(['fine']);
});

test.each([
  ['no archive', () => writeFileSync(zipPath, 'PK nothing'), 'NOT_A_ZIP'],
  ['no list of people', () => packExport(zipPath, { channels }, {}), 'LIST_MISSING'],
  ['a broken list', () => packExport(zipPath, { users, channels: '[{]' }, {}), 'NOT_JSON'],
  [
    'a name that leads out',
    () =>
      packExport(zipPath, { users, channels }, {}, [{ name: '../../etc/cron.d/x', bytes: Buffer.from('x') }]),
    'NAME_UNSAFE',
  ],
  [
    'a file that unpacks to too much',
    () =>
      packExport(zipPath, { users, channels }, {}, [
        { name: 'a', bytes: Buffer.alloc(1), claimedBytes: 2 ** 31 },
      ]),
    'FILE_TOO_LARGE',
  ],
])('%s: a reason, and nothing is written', async (_, write, code) => {
  write();
  const { rows: before } = await world.database.readPool.query('SELECT count(*) FROM event');
  const done = await importSlack(openImport(world.database), {
    zipPath,
    orgId: world.orgId,
    isDryRun: false,
    isPaused: () => false,
    onProgress: () => undefined,
  });
  expect(done).toMatchObject({ ok: false, error: { code } });
  expect((await world.database.readPool.query('SELECT count(*) FROM event')).rows).toEqual(before);
});

test('a day that unpacks to more than it says, or is damaged, is left out', async () => {
  const bomb = Buffer.from(JSON.stringify([slackMessage('U1', 1, 'x'.repeat(100_000))]));
  packExport(
    zipPath,
    { users, channels },
    { 'general/2024-01-03': [slackMessage('U1', 2 * 86_400, 'fine')] },
    [
      { name: 'general/2024-01-01.json', bytes: bomb, claimedBytes: 10 },
      { name: 'general/2024-01-02.json', bytes: bomb, claimedCrc32: 1 },
    ],
  );
  const report = await run();
  expect(report.problems.map(({ code, file }) => `${code} ${file}`)).toEqual([
    'DAMAGED general/2024-01-01.json',
    'DAMAGED general/2024-01-02.json',
  ]);
  expect((await messagesOf(ids.conversation('C1'))).map(({ text }) => text)).toEqual(['fine']);
});

test('an archive of a folder is read like one of its content', async () => {
  packExport(
    zipPath,
    {},
    {
      'My export/users': users,
      'My export/channels': channels,
      'My export/general/2024-01-01': [slackMessage('U1', 1, 'inside')],
    },
  );
  await run();
  expect((await messagesOf(ids.conversation('C1'))).map(({ text }) => text)).toEqual(['inside']);
});
