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

  it('know quiet and preferences from the moment they are chosen, and quiet ends at its time', () => {
    const queries = createAccountQueries(fixture, me);
    const view = fixture.open('account', {});
    const status = { state: 'dnd' as const, untilMs: fixture.clock.nowMs() + 60_000, text: 'In a meeting' };
    fixture.setEntry(`status:${me}`, status);
    fixture.setEntry(`preferences:${me}`, { shareTyping: false });
    for (const step of [() => undefined, () => fixture.flushOutbox(), () => fixture.deliver(me)]) {
      step();
      fixture.settle();
      expect(queries.isQuiet(status.untilMs - 1)).toBe(true);
      expect(queries.isQuiet(status.untilMs)).toBe(false);
      expect(queries.preferences()).toEqual({ shareTyping: false });
      expect(view.state().meta).toEqual({ status, preferences: { shareTyping: false } });
    }
  });
});
