import { afterEach, beforeEach, expect, it } from 'vitest';
import { AccountFixture } from '../testing/account-fixture.ts';
import { KEPT } from './notification-log.ts';

let fixture: AccountFixture;
beforeEach(() => {
  fixture = new AccountFixture();
});
afterEach(() => fixture.remove());

it('keeps the newest decision about a message, and no more than its bound', () => {
  const { decisions } = fixture.stores;
  decisions.note([{ messageId: 'a', outcome: 'handed', untilMs: null }], 1);
  decisions.note([{ messageId: 'a', outcome: 'shown', untilMs: null }], 2);
  expect(decisions.of('a')).toEqual({ outcome: 'shown', untilMs: null, atMs: 2 });
  const many = Array.from({ length: KEPT }, (_, n) => ({
    messageId: `m${n}`,
    outcome: 'muted' as const,
    untilMs: 9,
  }));
  decisions.note(many, 3);
  expect(decisions.of('a')).toBeUndefined();
  expect(decisions.of('m0')).toEqual({ outcome: 'muted', untilMs: 9, atMs: 3 });
  const rows = fixture.stores.cacheDb.prepare('SELECT count(*) AS n FROM notification').get();
  expect(rows).toEqual({ n: KEPT });
});

it('survives a restart', () => {
  fixture.stores.decisions.note([{ messageId: 'a', outcome: 'dnd', untilMs: 5 }], 1);
  expect(fixture.restart().decisions.of('a')).toMatchObject({ outcome: 'dnd', untilMs: 5 });
});
