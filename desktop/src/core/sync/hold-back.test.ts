/** Held-back events: what waits, for how long, and what is asked for then. Ingest is played by a tail that only counts. */
import { describe, expect, it } from 'vitest';
import type { Envelope } from '@curlew/shared/domain/event.ts';
import type { LogRow } from '../store/store-types.ts';
import { HoldBack, MAX_HELD_EVENTS } from './hold-back.ts';
import { contextWith, ManualTimers } from './testing/sync-context.ts';

const LOG = '00000000-0000-7000-8000-00000000000a';

function event(seq: number): Envelope {
  const id = `00000000-0000-7000-8000-${String(seq).padStart(12, '0')}`;
  const fixed = { chain: '0'.repeat(16), type: 'message:new', actorId: LOG, opHash: '0'.repeat(64), at: 1 };
  return { logId: LOG, seq, opId: id, payload: null, memberVersion: 0, ...fixed };
}

function holdBackAt(start: number) {
  const log = { tail: start };
  const applied: number[] = [];
  const pulls: [string, number][] = [];
  const asked = { heads: 0, diverged: 0 };
  const timers = new ManualTimers();
  const context = contextWith({
    timers,
    reader: { log: (id) => (id === LOG ? ({ id, ...log } as LogRow) : undefined) },
    ingest: {
      applyEvents(_logId, events) {
        if ((events[0]?.seq ?? 0) > log.tail + 1) return { kind: 'gap', tail: log.tail };
        for (const { seq } of events) applied.push(seq);
        log.tail = events.at(-1)?.seq ?? log.tail;
        return { kind: 'applied', tail: log.tail, applied: events.length };
      },
    },
  });
  const holdBack = new HoldBack(context, {
    pull: (logId, needSeq) => pulls.push([logId, needSeq]),
    diverged: () => (asked.diverged += 1),
    unknownLog: () => (asked.heads += 1),
  });
  return { holdBack, applied, pulls, timers, asked, log };
}

describe('held-back events', () => {
  it('apply in order once the missing one arrives, and nothing is pulled', () => {
    const { holdBack, applied, pulls, timers } = holdBackAt(1);
    holdBack.receive(LOG, [event(4)]);
    holdBack.receive(LOG, [event(3)]);
    expect(applied).toEqual([]);
    holdBack.receive(LOG, [event(2)]);
    expect(applied).toEqual([2, 3, 4]);
    timers.runAll();
    expect(pulls).toEqual([]);
  });

  it('pull once after about 400 ms, up to the newest position seen', () => {
    const { holdBack, pulls, timers } = holdBackAt(1);
    holdBack.receive(LOG, [event(5)]);
    holdBack.receive(LOG, [event(9)]);
    expect(timers.delays()).toHaveLength(1);
    expect(timers.delays()[0]).toBeGreaterThanOrEqual(300);
    expect(timers.delays()[0]).toBeLessThanOrEqual(500);
    timers.runAll();
    expect(pulls).toEqual([[LOG, 9]]);
  });

  it('ignore what is here already', () => {
    const { holdBack, applied, timers } = holdBackAt(7);
    holdBack.receive(LOG, [event(6), event(7)]);
    expect(applied).toEqual([]);
    expect(timers.delays()).toEqual([]);
  });

  it('are bounded (I24)', () => {
    const { holdBack, applied, pulls, timers } = holdBackAt(0);
    const newest = 1 + 2 * MAX_HELD_EVENTS;
    for (let seq = 2; seq <= newest; seq += 1) holdBack.receive(LOG, [event(seq)]);
    holdBack.receive(LOG, [event(1)]);
    expect(applied).toHaveLength(1 + MAX_HELD_EVENTS);
    // What was dropped is not forgotten: it is pulled.
    timers.runAll();
    expect(pulls).toEqual([[LOG, newest]]);
  });

  it('wait for a position that only an ack named', () => {
    const { holdBack, pulls, timers } = holdBackAt(1);
    holdBack.expect(LOG, 3);
    timers.runAll();
    expect(pulls).toEqual([[LOG, 3]]);
  });

  it('ask for heads when the log is unknown', () => {
    const { holdBack, asked } = holdBackAt(1);
    holdBack.receive('00000000-0000-7000-8000-00000000000b', [event(1)]);
    expect(asked.heads).toBe(1);
  });

  it('are gone with the connection', () => {
    const { holdBack, applied, pulls, timers } = holdBackAt(1);
    holdBack.receive(LOG, [event(5)]);
    holdBack.clear();
    timers.runAll();
    expect(pulls).toEqual([]);
    holdBack.receive(LOG, [event(2), event(3), event(4)]);
    expect(applied).toEqual([2, 3, 4]);
  });
});
