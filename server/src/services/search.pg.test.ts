/** Server search finds exactly what history shows, across conversations, and says when it stopped early. */
import type { SearchAnswer } from '@curlew/shared/protocol/search.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { searchRangesQuery } from '../repositories/search-repository.ts';
import { MembershipCache } from './membership-cache.ts';
import { search } from './search.ts';
import {
  deleteOp,
  editOp,
  expectOk,
  openWorld,
  sendOp,
  setOp,
  submit,
  submitOne,
  watermarkOp,
  type TestPerson,
  type World,
} from './testing/world.ts';

let world: World;
let ann: TestPerson;

beforeAll(async () => {
  world = await openWorld();
  ann = await world.colleague('Ann Éclair');
});
afterAll(() => world.close());

async function find(
  person: TestPerson,
  query: string,
  more: { conversationId?: string; cursor?: string; limit?: number } = {},
): Promise<SearchAnswer> {
  return expectOk(
    await world.services.search(person.userId, { query, limit: 50, utcOffsetMinutes: 0, ...more }),
  );
}
const textsOf = (answer: SearchAnswer) => answer.messages.map(({ text }) => text);
/** For messages sent together, whose millisecond says nothing about their order. */
const setOf = (answer: SearchAnswer) => textsOf(answer).sort((a, b) => (String(a) < String(b) ? -1 : 1));

test('finds words in any script, inside words, without case and accents, newest first', async () => {
  const bo = await world.colleague('Bo');
  const id = await world.direct(ann, bo);
  const texts = ['Sous l’ARBRE', '明日の会議', 'ПРИВЕТ мир', 'see https://example.org', 'plain arbre'];
  for (const text of texts) await submit(world.services, ann, sendOp(id, text));
  expect(textsOf(await find(bo, 'arbré'))).toEqual(['plain arbre', 'Sous l’ARBRE']);
  expect(textsOf(await find(bo, '会'))).toEqual(['明日の会議']);
  expect(textsOf(await find(bo, 'привет -plain'))).toEqual(['ПРИВЕТ мир']);
  expect(textsOf(await find(bo, 'has:link'))).toEqual(['see https://example.org']);
  expect(textsOf(await find(bo, 'arbre from:eclair in:ann'))).toEqual(['plain arbre', 'Sous l’ARBRE']);
  expect(textsOf(await find(bo, 'arbre -from:eclair'))).toEqual([]);
  expect(textsOf(await find(bo, 'arbre before:2001-01-01'))).toEqual([]);
  await submit(world.services, bo, watermarkOp('read.set', id, 4));
  expect(setOf(await find(bo, 'is:unread'))).toEqual(['plain arbre', 'see https://example.org']);
});

test('a reply is unread until its thread is read, to those who follow the thread', async () => {
  const { services } = world;
  const [fox, gnu] = [await world.colleague('Fox'), await world.colleague('Gnu')];
  const id = await world.direct(fox, gnu);
  const root = sendOp(id, 'the root');
  const reply = { ...sendOp(id, 'the reply'), threadRootId: root.opId };
  await submit(services, fox, root);
  await submit(services, gnu, reply);
  const unread = async (person: TestPerson) => textsOf(await find(person, 'is:unread'));
  expect(await unread(fox)).toEqual(['the reply']);
  // Gnu has read the root; what it said itself is nothing unread to it.
  await submit(services, gnu, watermarkOp('read.set', id, 3));
  expect(await unread(gnu)).toEqual([]);
  // Reading the conversation reads no thread.
  await submit(services, fox, watermarkOp('read.set', id, 3));
  expect(await unread(fox)).toEqual(['the reply']);
  await submit(services, fox, { ...watermarkOp('read.set', id, 3), threadRootId: root.opId });
  expect(await unread(fox)).toEqual([]);
});

test('never a deleted message, one hidden for me, an old text or another person’s conversation', async () => {
  const [cy, di] = [await world.colleague('Cy'), await world.colleague('Di')];
  const id = await world.direct(ann, cy);
  const [gone, hidden, edited] = [
    sendOp(id, 'zebra gone'),
    sendOp(id, 'zebra hidden'),
    sendOp(id, 'zebra old'),
  ];
  await submit(world.services, ann, gone, hidden, edited, sendOp(id, 'zebra stays'));
  await submit(world.services, ann, deleteOp(id, gone.opId), editOp(id, edited.opId, 'giraffe new'));
  const entry = { conversationId: id };
  await submitOne(world.services, cy, setOp('account.set', cy.userId, `hidden:${hidden.opId}`, entry));
  expect(textsOf(await find(cy, 'zebra'))).toEqual(['zebra stays']);
  expect(setOf(await find(ann, 'zebra'))).toEqual(['zebra hidden', 'zebra stays']);
  expect(textsOf(await find(cy, 'giraffe'))).toEqual(['giraffe new']);
  expect(textsOf(await find(di, 'zebra'))).toEqual([]);
  const foreign = { query: 'zebra', conversationId: id, limit: 5, utcOffsetMinutes: 0 };
  expect(await world.services.search(di.userId, foreign)).toMatchObject({ error: { code: 'NOT_FOUND' } });
});

test('who left finds what was said while they belonged, as it was then', async () => {
  const { services, orgId } = world;
  const ed = await world.colleague('Ed');
  const id = await world.direct(ann, ed);
  const kept = sendOp(id, 'otter before');
  await submit(services, ann, kept, sendOp(id, 'otter too'));
  await submit(services, ann, setOp('org.set', orgId, `role:${ed.userId}`, null));
  await submit(services, ann, sendOp(id, 'otter later'), editOp(id, kept.opId, 'badger later'));
  expect(setOf(await find(ed, 'otter'))).toEqual(['otter before', 'otter too']);
  expect(textsOf(await find(ed, 'later'))).toEqual([]);
});

test('pages go on where the last one ended, also when the budget ended it', async () => {
  const [fay, guy] = [await world.colleague('Fay'), await world.colleague('Guy')];
  const places = [await world.direct(fay, guy), await world.direct(fay, ann)];
  for (let n = 0; n < 60; n += 1) {
    const id = places[n % places.length] ?? '';
    await submit(world.services, fay, sendOp(id, n % 3 === 0 ? `heron ${n}` : `filler ${n}`));
  }
  const all = textsOf(await find(fay, 'heron', { limit: 100 }));
  expect(all).toEqual(Array.from({ length: 20 }, (_, index) => `heron ${57 - index * 3}`));

  const paged: (string | null)[] = [];
  for (let cursor: string | undefined, pages = 0; pages < 30; pages += 1) {
    const page = await find(fay, 'heron', { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
    paged.push(...textsOf(page));
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  expect(paged).toEqual(all);

  const pool = world.database.readPool;
  const small: (string | null)[] = [];
  let truncated = 0;
  for (let cursor: string | undefined, pages = 0; pages < 60; pages += 1) {
    const request = {
      query: 'heron',
      limit: 50,
      utcOffsetMinutes: 0,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const budget = { rows: 10, ms: 10_000 };
    const page = expectOk(await search(pool, new MembershipCache(pool), fay.userId, request, budget));
    small.push(...textsOf(page));
    truncated += page.truncated ? 1 : 0;
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  expect(small).toEqual(all);
  expect(truncated).toBeGreaterThan(1);
  expect(
    await world.services.search(fay.userId, { query: 'x', limit: 5, utcOffsetMinutes: 0, cursor: 'mine' }),
  ).toMatchObject({
    error: { code: 'BAD_REQUEST' },
  });
});

test('reads by index alone', async () => {
  const client = await world.database.readPool.connect();
  try {
    await client.query('SET enable_seqscan = off');
    const values = [ann.userId, Number.MAX_SAFE_INTEGER, null];
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${searchRangesQuery}`, values);
    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('Seq Scan on message');
  } finally {
    await client.query('RESET enable_seqscan');
    client.release();
  }
});
