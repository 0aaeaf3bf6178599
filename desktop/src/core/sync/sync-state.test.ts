/**
 * The state machine against its specification: every cell of the table in SPEC.md, one test each. A cell that SPEC.md
 * does not list stays where it is and does nothing.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isErrorCode, type ErrorCode } from '@curlew/shared/protocol/errors.ts';
import {
  initialSyncState,
  MAX_RENEWALS,
  syncInputTypes,
  syncStateNames,
  type SyncInput,
  type SyncState,
  type SyncStateName,
} from './sync-cells.ts';
import { canFlush, stepSync } from './sync-state.ts';

/** A failure means different things by its code, so each of these is a column of its own. */
const failures = [
  'OFFLINE',
  'AUTH_EXPIRED',
  'AUTH_REVOKED',
  'FENCED',
  'DEVICE_CLONED',
  'PROTOCOL_TOO_OLD',
] as const;

interface Column {
  readonly label: string;
  readonly input: SyncInput;
}

const inputs = syncInputTypes.flatMap((type): readonly Column[] =>
  type === 'connectionFailed'
    ? failures.map((code) => ({ label: `${type}(${code})`, input: { type, code } }))
    : [{ label: type, input: { type } }],
);

const spec = readFileSync(new URL('SPEC.md', import.meta.url), 'utf8');
const cells = new Map<string, { readonly next: string; readonly effects: string }>();
for (const line of spec.split('\n')) {
  const match = /^\| ([A-Z_]+) +\| (\w+(?:\(\w+\))?) +\| ([A-Z_]+) +\| ([\w, ]*?) *\|$/u.exec(line);
  if (match) cells.set(`${match[1]} ${match[2]}`, { next: match[3] ?? '', effects: match[4] ?? '' });
}

const stateOf = (name: SyncStateName): SyncState => ({
  name,
  attempt: 1,
  renewals: 0,
  fences: 0,
  code: null,
});

describe('the transition table', () => {
  it('lists only cells that exist', () => {
    const known = new Set(syncStateNames.flatMap((name) => inputs.map(({ label }) => `${name} ${label}`)));
    expect([...cells.keys()].filter((key) => !known.has(key))).toEqual([]);
    expect(cells.size).toBeGreaterThan(100);
  });

  for (const name of syncStateNames) {
    for (const { label, input } of inputs) {
      it(`${name} × ${label}`, () => {
        const expected = cells.get(`${name} ${label}`) ?? { next: name, effects: '' };
        const { state, effects } = stepSync(stateOf(name), input);
        expect({ next: state.name, effects: effects.join(', ') }).toEqual(expected);
      });
    }
  }
});

describe('what the table cannot show', () => {
  it('counts failed attempts and forgets them only after a minute of LIVE', () => {
    let state = stateOf('LIVE');
    state = stepSync(state, { type: 'connectionFailed', code: 'OFFLINE' }).state;
    expect(state.attempt).toBe(2);
    state = stepSync({ ...state, name: 'CATCH_UP' }, { type: 'caughtUp' }).state;
    expect(state).toMatchObject({ name: 'LIVE', attempt: 2 });
    expect(stepSync(state, { type: 'stableTimer' }).state.attempt).toBe(0);
  });

  it('renews the token a bounded number of times between two hellos', () => {
    let state = stateOf('CONNECTING');
    for (let renewals = 0; renewals < MAX_RENEWALS; renewals += 1) {
      state = stepSync(state, { type: 'connectionFailed', code: 'AUTH_EXPIRED' }).state;
      expect(state.name).toBe('REAUTH');
      state = stepSync(state, { type: 'tokenRenewed' }).state;
    }
    const { state: after, effects } = stepSync(state, { type: 'connectionFailed', code: 'AUTH_EXPIRED' });
    expect(after.name).toBe('OFFLINE');
    expect(effects).toContain('armRetry');
  });

  it('takes over once from another connection of its device, then leaves it alone', () => {
    const first = stepSync(stateOf('LIVE'), { type: 'connectionFailed', code: 'FENCED' }).state;
    expect(first).toMatchObject({ name: 'OFFLINE', fences: 1 });
    expect(
      stepSync({ ...first, name: 'LIVE' }, { type: 'connectionFailed', code: 'FENCED' }).state.name,
    ).toBe('FENCED');
    const stable = stepSync({ ...first, name: 'LIVE' }, { type: 'stableTimer' }).state;
    expect(stepSync(stable, { type: 'connectionFailed', code: 'FENCED' }).state.name).toBe('OFFLINE');
  });

  it('says why it is offline, and forgets it once greeted', () => {
    const offline = stepSync(stateOf('HELLO'), { type: 'connectionFailed', code: 'BUSY' }).state;
    expect(offline.code).toBe('BUSY');
    expect(stepSync({ ...offline, name: 'HELLO' }, { type: 'helloAnswered' }).state.code).toBeNull();
  });
});

describe('invariants over any sequence of inputs', () => {
  const anyInput = fc.record({
    type: fc.constantFrom(...syncInputTypes),
    code: fc.constantFrom<ErrorCode | undefined>(
      undefined,
      ...([
        'OFFLINE',
        'TIMEOUT',
        'AUTH_EXPIRED',
        'AUTH_REVOKED',
        'FENCED',
        'PROTOCOL_TOO_OLD',
        'BUSY',
      ] as const),
    ),
  });

  it('OFFLINE always has its retry armed, LIVE and CATCH_UP their beat or one under way (I16)', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 60 }), (sequence) => {
        let state = initialSyncState;
        let isRetryArmed = false;
        let isBeatPending = false;
        for (const input of sequence) {
          if (input.type === 'retryTimer') isRetryArmed = false;
          if (input.type === 'beatAnswered' || input.type === 'beatMissed') isBeatPending = false;
          const step = stepSync(state, input);
          state = step.state;
          for (const effect of step.effects) {
            if (effect === 'armRetry') isRetryArmed = true;
            if (effect === 'cancelRetry') isRetryArmed = false;
            if (effect === 'armBeat' || effect === 'beat') isBeatPending = true;
            if (effect === 'cancelBeat') isBeatPending = false;
          }
          if (state.name === 'OFFLINE') expect(isRetryArmed).toBe(true);
          if (canFlush(state) || state.name === 'SUSPECT') expect(isBeatPending).toBe(true);
          expect(state.code === null || isErrorCode(state.code)).toBe(true);
        }
      }),
    );
  });

  it('no socket is opened twice without a close in between', () => {
    fc.assert(
      fc.property(fc.array(anyInput, { maxLength: 60 }), (sequence) => {
        let state = initialSyncState;
        let isOpen = false;
        for (const input of sequence) {
          // The engine reports a connection only while it has one.
          if (input.type === 'connected' && !isOpen) continue;
          const step = stepSync(state, input);
          state = step.state;
          for (const effect of step.effects) {
            if (effect === 'closeSocket') isOpen = false;
            if (effect === 'openSocket') {
              expect(isOpen).toBe(false);
              isOpen = true;
            }
          }
        }
      }),
    );
  });
});
