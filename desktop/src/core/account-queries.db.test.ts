import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAccountQueries } from './account-queries.ts';
import { AccountFixture } from './store/views/testing/account-fixture.ts';
import { conversation, me } from './store/views/testing/server-log.ts';

let fixture: AccountFixture;
beforeEach(() => {
  fixture = AccountFixture.start();
});
afterEach(() => fixture.stop());

describe('account queries', () => {
  it('know "unread from here" from the moment it is set until it is taken away', () => {
    const queries = createAccountQueries(fixture, me);
    const checkAtEveryStep = (expected: number | null): void => {
      for (const step of [() => undefined, () => fixture.flushOutbox(), () => fixture.deliver(me)]) {
        step();
        expect(queries.unreadFrom(conversation)).toBe(expected);
      }
    };
    checkAtEveryStep(null);
    fixture.setEntry(`unread:${conversation}`, { fromSeq: 3 });
    checkAtEveryStep(3);
    fixture.setEntry(`unread:${conversation}`, null);
    checkAtEveryStep(null);
  });
});
