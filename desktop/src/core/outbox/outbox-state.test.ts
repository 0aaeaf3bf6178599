/** The outbox table, cell by cell: every state with every input, written out. A new state or input does not compile. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { OpState } from '../store/store-types.ts';
import {
  blocksLane,
  dependencyInput,
  DECISION_STATES,
  LIVE_STATES,
  nextOpState,
  OP_INPUTS,
  OP_STATES,
  type OpInput,
} from './outbox-state.ts';

/** Cells by state; what is not named stays. Total over states, and `stays` makes it total over inputs. */
const cells: Record<OpState, Record<OpInput, OpState>> = {
  QUEUED: {
    ...stays('QUEUED'),
    dependencyLive: 'WAIT_DEPENDENCY',
    dependencyMet: 'READY',
    dependencyStalled: 'STALLED',
    dependencyParked: 'PARKED',
    dependencyFailed: 'CANCELLED',
    seen: 'APPLIED',
    aged: 'PARKED',
    expired: 'CANCELLED',
    unreadable: 'STALLED',
    cancelAsked: 'CANCELLED',
  },
  WAIT_DEPENDENCY: {
    ...stays('WAIT_DEPENDENCY'),
    dependencyMet: 'READY',
    dependencyStalled: 'STALLED',
    dependencyParked: 'PARKED',
    dependencyFailed: 'CANCELLED',
    seen: 'APPLIED',
    aged: 'PARKED',
    expired: 'CANCELLED',
    unreadable: 'STALLED',
    cancelAsked: 'CANCELLED',
  },
  WAIT_ATTACHMENT: {
    ...stays('WAIT_ATTACHMENT'),
    seen: 'APPLIED',
    aged: 'PARKED',
    expired: 'CANCELLED',
    unreadable: 'STALLED',
    cancelAsked: 'CANCELLED',
  },
  READY: {
    ...stays('READY'),
    dependencyLive: 'WAIT_DEPENDENCY',
    dependencyStalled: 'STALLED',
    dependencyParked: 'PARKED',
    dependencyFailed: 'CANCELLED',
    taken: 'IN_FLIGHT',
    seen: 'APPLIED',
    aged: 'PARKED',
    expired: 'CANCELLED',
    unreadable: 'STALLED',
    cancelAsked: 'CANCELLED',
  },
  IN_FLIGHT: {
    ...stays('IN_FLIGHT'),
    acknowledged: 'ACKED',
    unchanged: 'APPLIED',
    seen: 'APPLIED',
    passed: 'READY',
    retryLater: 'BACKOFF',
    refused: 'REJECTED',
    gaveUp: 'STALLED',
    connectionLost: 'AMBIGUOUS',
    processStarted: 'AMBIGUOUS',
    poisoned: 'STALLED',
    unreadable: 'STALLED',
  },
  AMBIGUOUS: {
    ...stays('AMBIGUOUS'),
    acknowledged: 'ACKED',
    unchanged: 'APPLIED',
    seen: 'APPLIED',
    resent: 'READY',
    poisoned: 'STALLED',
    unreadable: 'STALLED',
  },
  BACKOFF: {
    ...stays('BACKOFF'),
    acknowledged: 'ACKED',
    seen: 'APPLIED',
    timerDue: 'READY',
    unreadable: 'STALLED',
    retryAsked: 'READY',
  },
  ACKED: { ...stays('ACKED'), seen: 'APPLIED', unreadable: 'STALLED', reoffered: 'READY' },
  APPLIED: { ...stays('APPLIED'), reoffered: 'READY' },
  REJECTED: { ...stays('REJECTED'), seen: 'APPLIED', unreadable: 'STALLED', retryAsked: 'READY' },
  STALLED: { ...stays('STALLED'), seen: 'APPLIED', retryAsked: 'READY' },
  PARKED: {
    ...stays('PARKED'),
    seen: 'APPLIED',
    unreadable: 'STALLED',
    expired: 'CANCELLED',
    retryAsked: 'READY',
    sendAsked: 'READY',
    cancelAsked: 'CANCELLED',
  },
  CANCELLED: { ...stays('CANCELLED'), seen: 'APPLIED', unreadable: 'STALLED', retryAsked: 'READY' },
};

function stays(state: OpState): Record<OpInput, OpState> {
  return {
    dependencyLive: state,
    dependencyMet: state,
    dependencyStalled: state,
    dependencyParked: state,
    dependencyFailed: state,
    taken: state,
    acknowledged: state,
    unchanged: state,
    seen: state,
    passed: state,
    retryLater: state,
    refused: state,
    gaveUp: state,
    connectionLost: state,
    processStarted: state,
    resent: state,
    timerDue: state,
    poisoned: state,
    aged: state,
    expired: state,
    unreadable: state,
    retryAsked: state,
    sendAsked: state,
    cancelAsked: state,
    reoffered: state,
  };
}

describe.each(OP_STATES)('%s', (state) => {
  it.each(OP_INPUTS)('on %s', (input) => {
    expect(nextOpState(state, input)).toBe(cells[state][input]);
  });
});

describe('the table as a whole', () => {
  it('names every state and input once', () => {
    expect([...OP_STATES].sort()).toEqual(Object.keys(cells).sort());
    expect([...OP_INPUTS].sort()).toEqual(Object.keys(cells.QUEUED).sort());
  });

  it('is the one in SPEC.md', () => {
    const spec = readFileSync(new URL('SPEC.md', import.meta.url), 'utf8');
    const written = [...spec.matchAll(/^\| ([A-Z_]+) +\| ([a-zA-Z]+) +\| ([A-Z_]+) +\|$/gmu)].map((match) =>
      match.slice(1, 4),
    );
    const moves = OP_STATES.flatMap((state) =>
      OP_INPUTS.map((input) => [state, input, nextOpState(state, input)]).filter(
        ([from, , to]) => from !== to,
      ),
    );
    expect(written).toEqual(moves);
  });

  it('lets every live state reach a final one without a person', () => {
    const reachable = (from: OpState): Set<OpState> => {
      const seen = new Set<OpState>([from]);
      for (const state of seen) {
        for (const input of OP_INPUTS) {
          const isPersonal = input.endsWith('Asked');
          if (!isPersonal) seen.add(nextOpState(state, input));
        }
      }
      return seen;
    };
    for (const state of LIVE_STATES) expect(reachable(state)).toContain('APPLIED');
  });

  it('says for every state what it means for dependents and for its lane', () => {
    expect(
      Object.fromEntries(OP_STATES.map((state) => [state, [dependencyInput(state), blocksLane(state)]])),
    ).toEqual({
      QUEUED: ['dependencyLive', true],
      WAIT_DEPENDENCY: ['dependencyLive', true],
      WAIT_ATTACHMENT: ['dependencyLive', false],
      READY: ['dependencyLive', true],
      IN_FLIGHT: ['dependencyLive', true],
      AMBIGUOUS: ['dependencyLive', true],
      BACKOFF: ['dependencyLive', true],
      ACKED: ['dependencyMet', false],
      APPLIED: ['dependencyMet', false],
      REJECTED: ['dependencyFailed', false],
      STALLED: ['dependencyStalled', false],
      PARKED: ['dependencyParked', false],
      CANCELLED: ['dependencyFailed', false],
    });
    expect(dependencyInput(undefined)).toBe('dependencyMet');
    for (const state of DECISION_STATES) expect(blocksLane(state)).toBe(false);
  });
});
