/** Export on real PostgreSQL: all of an organisation, and of a person only what they may see. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExport } from '../cli/export.ts';
import type { ExportScope } from '../config.ts';
import { createIdentityRepository } from '../repositories/identity-repository.ts';
import {
  deleteOp,
  editOp,
  groupOp,
  memberOp,
  openWorld,
  reactOp,
  sendOp,
  submit,
  submitOne,
  type TestPerson,
  type World,
} from './testing/world.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'curlew-export-'));
let world: World;
let ann: TestPerson;
let ben: TestPerson;
let cleo: TestPerson;
let group: string;
let written = 0;

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann');
  ben = await world.colleague('Ben');
  cleo = await world.colleague('Cleo');
  const { services, orgId } = world;
  const direct = await world.direct(ann, ben);
  await submitOne(services, ann, sendOp(direct, 'between us'));
  const create = groupOp(orgId, [ben.userId], { history: 'joined', title: 'Tides <b>&</b> times' });
  await submitOne(services, ann, create);
  group = create.logId;
  const [first, gone] = [sendOp(group, 'before <script>alert(1)</script>'), sendOp(group, 'taken back')];
  await submit(services, ann, first, gone);
  await submit(
    services,
    ann,
    editOp(group, first.opId, 'edited <script>alert(1)</script>'),
    deleteOp(group, gone.opId),
  );
  await submitOne(services, ben, reactOp(group, first.opId, '👍'));
  for (let sent = 0; sent < 1_200; sent += 40)
    await submit(
      services,
      ben,
      ...Array.from({ length: 40 }, (_, index) => sendOp(group, `text ${sent + index}`)),
    );
  await submitOne(services, ann, memberOp('member.add', group, cleo.userId));
  await submitOne(services, ann, sendOp(group, 'after'));
}, 120_000);
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Exported {
  readonly dir: string;
  readonly index: {
    conversations: { title: string; count: number; file: string; heldSinceMs: number | null }[];
  };
  readonly said: string;
  readonly isWritten: boolean;
}

async function run(scope: ExportScope, dir = path.join(folder, String((written += 1)))): Promise<Exported> {
  let said = '';
  const output = { tell: () => undefined, say: (sentence: string) => void (said += `${sentence}\n`) };
  const isWritten = await runExport(world.database, dir, scope, output);
  const index = isWritten
    ? JSON.parse(readFileSync(path.join(dir, 'index.json'), 'utf8'))
    : { conversations: [] };
  return { dir, said, isWritten, index };
}

function readJson(dir: string, file: string): { messages: { text: string | null; senderName: string }[] } {
  return JSON.parse(readFileSync(path.join(dir, `${file}.json`), 'utf8'));
}

test('an organisation: every conversation, every message, nothing that could run', async () => {
  const { dir, index, said } = await run({ of: 'org', idOrName: world.orgId });
  expect(said).toContain('of 2 conversations');
  const [direct, tides] = index.conversations;
  expect(direct).toMatchObject({ title: expect.stringMatching(/Ann, Ben|Ben, Ann/), count: 1 });
  // One row says that Cleo joined.
  expect(tides).toMatchObject({ title: 'Tides <b>&</b> times', count: 1_204, heldSinceMs: null });
  const { messages } = readJson(dir, tides?.file ?? '');
  expect(messages).toHaveLength(1_204);
  expect(messages.slice(0, 2).map(({ text }) => text)).toEqual(['edited <script>alert(1)</script>', null]);
  const page = readFileSync(path.join(dir, `${tides?.file}.html`), 'utf8');
  expect(page).toContain('edited &lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).not.toContain('<script');
  expect(page).not.toContain('taken back');
  expect(page).toContain('👍 Ben');
  for (const file of readdirSync(dir)) expect(statSync(path.join(dir, file)).mode & 0o077).toBe(0);
  const audited = await world.database.readPool.query(
    `SELECT 1 FROM audit_entry WHERE action = 'messages.export' AND org_id = $1`,
    [world.orgId],
  );
  expect(audited.rowCount).toBe(1);
});

test('a person: what they may see, and since when', async () => {
  const identities = createIdentityRepository(world.database.prisma);
  const email = (await identities.findById(cleo.userId))?.email ?? '';
  const { dir, index } = await run({ of: 'user', email });
  expect(index.conversations.map(({ title, count }) => `${title} ${count}`)).toEqual([
    'Tides <b>&</b> times 2',
  ]);
  expect(index.conversations[0]?.heldSinceMs).toBeGreaterThan(0);
  const { messages } = readJson(dir, index.conversations[0]?.file ?? '');
  expect(messages.map(({ text }) => text)).toEqual([null, 'after']);
});

test('one conversation; what is not there; a folder that holds something', async () => {
  const { index, dir } = await run({ of: 'conversation', id: group });
  expect(index.conversations).toHaveLength(1);
  expect((await run({ of: 'conversation', id: ann.userId })).said).toContain('No such conversation.');
  expect((await run({ of: 'conversation', id: 'x' })).said).toContain('No such conversation.');
  expect((await run({ of: 'org', idOrName: 'Elsewhere' })).said).toContain('No such organization.');
  expect((await run({ of: 'user', email: 'nobody@example.org' })).said).toContain('Nobody has this address.');
  const again = await run({ of: 'conversation', id: group }, dir);
  expect(again.isWritten).toBe(false);
  expect(again.said).toContain('is not empty');
});
