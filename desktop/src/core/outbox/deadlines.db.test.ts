/** Messages that are not to be sent after a time, against a real file and a clock of our own. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONVERSATION, id, sendOp } from '../testing/logs.ts';
import { idsOf, okResult, OutboxFixture, refusal } from '../testing/outbox-fixture.ts';

const MINUTE_MS = 60_000;

let box: OutboxFixture;

beforeEach(() => {
  box = new OutboxFixture();
});
afterEach(() => box.account.remove());

function sendBy(opId: string, inMs: number, text = 'in time'): void {
  box.outbox.enqueue(sendOp(opId, text), box.now(), { dropAtMs: box.now() + inMs });
}

describe('deadlines', () => {
  it('cancel an unattempted message without any connection, keep its text and say why', () => {
    sendBy(id(100), MINUTE_MS);
    const due = box.now() + MINUTE_MS;
    expect(box.outbox.expire(box.now())).toBe(due);
    box.account.clock.advance(MINUTE_MS - 1);
    expect(box.outbox.expire(box.now())).toBe(due);
    expect(box.item(id(100)).state).toBe('READY');
    box.account.clock.advance(1);
    expect(box.outbox.expire(box.now())).toBeNull();
    expect(box.item(id(100))).toMatchObject({
      state: 'CANCELLED',
      code: 'NOT_SENT_IN_TIME',
      op: { text: 'in time' },
    });
    expect(box.outbox.unsentTexts()).toMatchObject([{ text: 'in time' }]);
  });

  it('are looked at before anything goes, whatever the timer did', () => {
    sendBy(id(100), MINUTE_MS);
    box.enqueue(sendOp(id(101), 'whenever'));
    box.account.clock.advance(MINUTE_MS);
    expect(idsOf(box.next())).toEqual([id(101)]);
    expect(box.item(id(100)).state).toBe('CANCELLED');
  });

  it('never drop what was attempted: it may have arrived', () => {
    sendBy(id(100), MINUTE_MS);
    box.outbox.markAmbiguous(box.next());
    box.account.clock.advance(2 * MINUTE_MS);
    expect(box.outbox.expire(box.now())).toBeNull();
    expect(box.item(id(100)).state).toBe('AMBIGUOUS');
    const again = box.next();
    expect(idsOf(again)).toEqual([id(100)]);
    box.settle(again, [refusal(id(100), 'BUSY')]);
    box.account.clock.advance(2 * MINUTE_MS);
    box.outbox.expire(box.now());
    const third = box.next();
    expect(idsOf(third)).toEqual([id(100)]);
    box.settle(third, [okResult(id(100), 2)]);
    expect(box.item(id(100)).state).toBe('ACKED');
  });

  it('hold after a restart, and for what is parked', () => {
    sendBy(id(100), 48 * 60 * MINUTE_MS);
    box.account.clock.advance(25 * 60 * MINUTE_MS);
    box.account.restart();
    expect(box.item(id(100)).state).toBe('PARKED');
    box.account.clock.advance(24 * 60 * MINUTE_MS);
    box.outbox.expire(box.now());
    expect(box.item(id(100)).state).toBe('CANCELLED');
  });

  it('end with the decision to send all the same', () => {
    sendBy(id(100), MINUTE_MS);
    box.account.clock.advance(MINUTE_MS);
    box.outbox.expire(box.now());
    box.outbox.retry(id(100));
    expect(box.item(id(100))).toMatchObject({ state: 'READY', code: null, dropAtMs: null });
    expect(idsOf(box.next())).toEqual([id(100)]);
  });

  it('are set, moved and taken away only before the first attempt', () => {
    box.enqueue(sendOp(id(100)));
    box.outbox.setDeadline(id(100), box.now() + MINUTE_MS);
    expect(box.item(id(100)).dropAtMs).toBe(box.now() + MINUTE_MS);
    box.outbox.setDeadline(id(100), null);
    box.account.clock.advance(2 * MINUTE_MS);
    expect(box.outbox.expire(box.now())).toBeNull();
    box.outbox.markAmbiguous(box.next());
    box.outbox.setDeadline(id(100), box.now() - 1);
    box.outbox.expire(box.now());
    expect(box.item(id(100))).toMatchObject({ state: 'AMBIGUOUS', dropAtMs: null });
  });

  it('cancel what only makes sense with the message, and let the lane go on', () => {
    sendBy(id(100), MINUTE_MS, 'question');
    box.enqueue({ ...sendOp(id(101), 'see above'), replyTo: id(100) });
    box.enqueue(sendOp(id(102), 'something else'));
    box.account.clock.advance(MINUTE_MS);
    expect(idsOf(box.next())).toEqual([id(102)]);
    expect(box.item(id(101))).toMatchObject({ state: 'CANCELLED', code: 'DEPENDENCY_FAILED' });
    expect(box.outbox.itemsOf(CONVERSATION, 0)).toHaveLength(3);
  });
});
