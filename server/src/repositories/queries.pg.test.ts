/** Reads stay on their indexes however long a conversation gets: no plan scans a table that grows with use. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../infra/testing/test-database.ts';
import { auditQuery } from './audit-repository.ts';
import { eventsQuery } from './event-repository.ts';
import { headsQuery } from './heads-repository.ts';
import { messagesBeforeQuery, touchedQuery } from './message-repository.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  // 4,000 conversations of 400 people, 200 of them with 200 messages, and 400 organisations: enough for the planner to prefer an index.
  await database.writePool.query(`
    INSERT INTO log (id, kind, head, member_version) SELECT gen_random_uuid(), 'conversation', 200, 1 FROM generate_series(1, 4000);
    INSERT INTO conversation (id, org_id, kind, created_by, created_at_ms, rev_seq) SELECT id, id, 'direct', id, 0, 1 FROM log;
    INSERT INTO member (conversation_id, user_id, joined_seq)
      SELECT l.id, md5((random() * 200)::int::text || side)::uuid, 1 FROM log l, (VALUES ('a'), ('b')) AS s(side);
    INSERT INTO member_interval (conversation_id, user_id, from_seq) SELECT conversation_id, user_id, 1 FROM member;
    INSERT INTO message (id, conversation_id, create_seq, rev_seq, text_seq, sender_id, text, composed_at_ms, created_at_ms)
      SELECT gen_random_uuid(), l.id, s, s, s, l.id, 'text', 0, 0 FROM (SELECT id FROM log LIMIT 200) l, generate_series(1, 200) s;
    UPDATE message SET rev_seq = 200 WHERE create_seq % 20 = 0;
    INSERT INTO event (log_id, seq, type, actor_id, op_id, op_hash, at_ms, payload, chain, member_version, target_seq)
      SELECT conversation_id, create_seq, 'message:new', sender_id, id, '\\x00', 0, '{}', '\\x00', 1, create_seq FROM message;
    INSERT INTO user_account (id, name) SELECT id, 'name' FROM log;
    INSERT INTO org_member (org_id, user_id, role, joined_seq)
      SELECT md5((random() * 400)::int::text)::uuid, id, 'member', 1 FROM log;
    INSERT INTO unit (id, site_id, name) SELECT id, id, 'unit' FROM log;
    INSERT INTO audit_entry (actor_id, org_id, action, target)
      SELECT user_id, org_id, 'action' || n, user_id FROM org_member, generate_series(1, 5) n;
    INSERT INTO reaction (message_id, user_id, emoji, seq) SELECT id, sender_id, 'x', 1 FROM message WHERE create_seq < 20`);
  await database.writePool.query('VACUUM ANALYZE');
});
afterAll(() => database.close());

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

/** The plan PostgreSQL keeps for the named statement, whatever its parameters. */
async function nodesOf(query: string): Promise<readonly Plan[]> {
  const { rows } = await database.readPool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${query}`,
  );
  const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)];
  return flatten(rows[0]?.['QUERY PLAN'][0].Plan ?? { 'Node Type': 'none' });
}

const growing = new Set([
  ...['event', 'message', 'reaction', 'member', 'member_interval', 'log', 'conversation'],
  ...['audit_entry', 'org_member', 'user_account', 'unit'],
]);

test.each([
  ['pull', eventsQuery, 'event_pkey'],
  ['history', messagesBeforeQuery, 'message_conversation_id_create_seq_idx'],
  ['window', touchedQuery, 'message_conversation_id_rev_seq_idx'],
  ['heads', headsQuery, 'member_user_id_idx'],
  ['audit', auditQuery(false, false), 'audit_entry_org_id_id_idx'],
  ['audit of what a person did', auditQuery(true, false), 'audit_entry_org_id_actor_id_id_idx'],
  ['audit of what was done to a person', auditQuery(true, false), 'audit_entry_org_id_target_id_idx'],
  ['audit of an action', auditQuery(false, true), 'audit_entry_org_id_action_id_idx'],
])('%s uses its index and scans nothing', async (_, query, index) => {
  const nodes = await nodesOf(query);
  expect(nodes.map((node) => node['Index Name'])).toContain(index);
  const scans = nodes.filter(
    (node) => node['Node Type'] === 'Seq Scan' && growing.has(node['Relation Name'] ?? ''),
  );
  expect(scans).toEqual([]);
});

test.each([
  ['pull', eventsQuery],
  ['history', messagesBeforeQuery],
])('%s reads in index order: no sort over the conversation', async (_, query) => {
  const nodes = await nodesOf(query);
  const sorts = nodes.filter((node) => node['Node Type'] === 'Sort');
  // The reactions of one message and the rows of one page may be sorted, the conversation's may not.
  const sorted = sorts
    .flatMap((node) => node.Plans ?? [])
    .map((node) => node['Relation Name'] ?? node['Node Type']);
  expect(sorted.filter((name) => name === 'message' || name === 'event')).toEqual([]);
});
