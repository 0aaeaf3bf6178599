/**
 * The connection state machine, pure and total: (state, input) → (state, effects). Owns every decision about when to
 * connect, verify, catch up, probe and give up; does nothing itself (`sync-engine.ts` runs the effects). The table
 * stands in `SPEC.md` too; `sync-state.test.ts` compares both cell by cell.
 */
import {
  check,
  connect,
  doing,
  fail,
  go,
  greeted,
  hello,
  needSignIn,
  proven,
  restart,
  signOut,
  stay,
  type Cell,
  type SyncInput,
  type SyncInputType,
  type SyncState,
  type SyncStateName,
  type SyncStep,
} from './sync-cells.ts';

/** States in which ops may be submitted: the fence is known and the epoch was checked. */
export function canFlush(state: SyncState): boolean {
  return state.name === 'CATCH_UP' || state.name === 'LIVE';
}

/** One step of the machine. */
export function stepSync(state: SyncState, input: SyncInput): SyncStep {
  return table[state.name][input.type](state, input);
}

/** Without a connection: nothing that belongs to one counts any more, and a late socket is closed. */
const apart: Record<SyncInputType, Cell> = {
  signedIn: connect,
  signedOut: signOut,
  networkUp: stay,
  networkDown: stay,
  resumed: stay,
  focused: stay,
  retryNow: stay,
  retryTimer: stay,
  connected: doing('closeSocket'),
  connectionFailed: stay,
  tokenRenewed: stay,
  tokenRefused: needSignIn,
  helloAnswered: stay,
  epochChanged: stay,
  verified: stay,
  headsAnswered: stay,
  caughtUp: stay,
  beatTimer: stay,
  beatAnswered: stay,
  beatMissed: stay,
  stableTimer: stay,
};

/** While a connection is made or used: whatever ends it is answered the same way wherever it stands. */
const underway: Record<SyncInputType, Cell> = {
  signedIn: restart,
  signedOut: signOut,
  networkUp: stay,
  networkDown: stay,
  resumed: restart,
  focused: stay,
  retryNow: restart,
  retryTimer: stay,
  connected: stay,
  connectionFailed: fail,
  tokenRenewed: stay,
  tokenRefused: needSignIn,
  helloAnswered: stay,
  epochChanged: stay,
  verified: stay,
  headsAnswered: stay,
  caughtUp: stay,
  beatTimer: stay,
  beatAnswered: stay,
  beatMissed: stay,
  stableTimer: stay,
};

/**
 * Every state, as what it changes of its base row. Total: a new state does not compile without a row, a new input not
 * without a cell in both base rows.
 */
const table: Record<SyncStateName, Record<SyncInputType, Cell>> = {
  SIGNED_OUT: {
    ...apart,
    tokenRefused: stay,
  },
  OFFLINE: {
    ...apart,
    networkUp: connect,
    resumed: connect,
    focused: connect,
    retryNow: connect,
    retryTimer: connect,
  },
  CONNECTING: {
    ...underway,
    connected: hello,
  },
  REAUTH: {
    ...apart,
    signedIn: restart,
    connectionFailed: fail,
    tokenRenewed: connect,
  },
  HELLO: {
    ...underway,
    helloAnswered: greeted,
    epochChanged: check,
  },
  VERIFY: {
    ...underway,
    verified: go('HEADS', 'heads'),
  },
  HEADS: {
    ...underway,
    epochChanged: check,
    headsAnswered: go('CATCH_UP', 'armBeat', 'catchUp'),
  },
  CATCH_UP: {
    ...underway,
    networkUp: go('SUSPECT', 'cancelBeat', 'beat'),
    networkDown: go('SUSPECT', 'cancelBeat', 'beat'),
    resumed: go('SUSPECT', 'cancelBeat', 'beat'),
    retryNow: stay,
    epochChanged: check,
    caughtUp: go('LIVE', 'armStable'),
    beatTimer: doing('beat'),
    beatAnswered: doing('armBeat', 'catchUp'),
    beatMissed: go('SUSPECT', 'cancelBeat', 'beat'),
  },
  LIVE: {
    ...underway,
    networkUp: go('SUSPECT', 'cancelBeat', 'cancelStable', 'beat'),
    networkDown: go('SUSPECT', 'cancelBeat', 'cancelStable', 'beat'),
    resumed: go('SUSPECT', 'cancelBeat', 'cancelStable', 'beat'),
    focused: doing('cancelBeat', 'beat'),
    retryNow: doing('cancelBeat', 'beat'),
    epochChanged: check,
    beatTimer: doing('beat'),
    beatAnswered: doing('armBeat', 'catchUp'),
    beatMissed: go('SUSPECT', 'cancelBeat', 'cancelStable', 'beat'),
    stableTimer: proven,
  },
  SUSPECT: {
    ...underway,
    resumed: stay,
    epochChanged: check,
    beatAnswered: go('CATCH_UP', 'armBeat', 'catchUp'),
    beatMissed: restart,
  },
  FENCED: {
    ...apart,
    retryNow: connect,
  },
  UPGRADE: {
    ...apart,
    retryNow: connect,
  },
};
