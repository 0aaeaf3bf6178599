/**
 * Vocabulary of the connection state machine: states, inputs, effects, and the transitions its table is made of.
 * Owns what a failed connection means (`fail`); the table itself is `sync-state.ts`.
 */
import { retryClassOf, type ErrorCode } from '@curlew/shared/protocol/errors.ts';

/** Where the connection stands. */
export const syncStateNames = [
  'SIGNED_OUT',
  'OFFLINE',
  'CONNECTING',
  'REAUTH',
  'HELLO',
  'VERIFY',
  'HEADS',
  'CATCH_UP',
  'LIVE',
  'SUSPECT',
  'FENCED',
  'UPGRADE',
] as const;
/** See {@link syncStateNames}. */
export type SyncStateName = (typeof syncStateNames)[number];

/**
 * The whole state. `attempt` counts failed connects since the last minute of LIVE (it drives the back-off);
 * `renewals` counts token renewals since the last hello, so that a server that refuses fresh tokens cannot make a
 * tight loop; `fences` counts how often another connection of this device took over since the last minute of LIVE: once
 * may be a late greeting of our own, twice is another process; `code` says why the last attempt failed.
 */
export interface SyncState {
  readonly name: SyncStateName;
  readonly attempt: number;
  readonly renewals: number;
  readonly fences: number;
  readonly code: ErrorCode | null;
}

/** What can happen to the connection. */
export const syncInputTypes = [
  'signedIn',
  'signedOut',
  'networkUp',
  'networkDown',
  'resumed',
  'focused',
  'retryNow',
  'retryTimer',
  'connected',
  'connectionFailed',
  'tokenRenewed',
  'tokenRefused',
  'helloAnswered',
  'epochChanged',
  'verified',
  'headsAnswered',
  'caughtUp',
  'beatTimer',
  'beatAnswered',
  'beatMissed',
  'stableTimer',
] as const;
/** See {@link syncInputTypes}. */
export type SyncInputType = (typeof syncInputTypes)[number];

/** An input. `code` only with `connectionFailed` and `tokenRefused`; absent means that the socket just closed. */
export interface SyncInput {
  readonly type: SyncInputType;
  readonly code?: ErrorCode | undefined;
}

/** What the engine has to do, in order. */
export type SyncEffect =
  | 'openSocket'
  | 'closeSocket'
  | 'armRetry'
  | 'cancelRetry'
  | 'renewToken'
  | 'hello'
  | 'verify'
  | 'heads'
  | 'catchUp'
  | 'beat'
  | 'armBeat'
  | 'cancelBeat'
  | 'armStable'
  | 'cancelStable'
  | 'announceSignInNeeded';

/** Outcome of one step. */
export interface SyncStep {
  readonly state: SyncState;
  readonly effects: readonly SyncEffect[];
}

/** One cell of the table. */
export type Cell = (state: SyncState, input: SyncInput) => SyncStep;

/** Renewals of the token without a hello in between, before the machine waits like after any other failure. */
export const MAX_RENEWALS = 2;

/** Take-overs that are answered by connecting again, before the other process is left alone. */
export const MAX_FENCES = 1;

/** The state before an account is opened. */
export const initialSyncState: SyncState = {
  name: 'SIGNED_OUT',
  attempt: 0,
  renewals: 0,
  fences: 0,
  code: null,
};

/** Nothing happens. */
export const stay: Cell = (state) => ({ state, effects: [] });

/** The state stays, the effects run. */
export const doing =
  (...effects: SyncEffect[]): Cell =>
  (state) => ({ state, effects });

/** To another state, without an error. */
export const go =
  (name: SyncStateName, ...effects: SyncEffect[]): Cell =>
  (state) => ({ state: { ...state, name, code: null }, effects });

/** Drops the socket and connects at once. */
export const restart: Cell = (state) => ({
  state: { ...state, name: 'CONNECTING', renewals: 0 },
  effects: ['cancelRetry', 'cancelBeat', 'cancelStable', 'closeSocket', 'openSocket'],
});

/** Connects at once. */
export const connect: Cell = (state) => ({
  state: { ...state, name: 'CONNECTING' },
  effects: ['cancelRetry', 'openSocket'],
});

/** The account is closed. */
export const signOut: Cell = () => ({
  state: initialSyncState,
  effects: ['cancelRetry', 'cancelBeat', 'cancelStable', 'closeSocket'],
});

/** Only a person can go on: reading stays possible, sending waits. */
export const needSignIn: Cell = (state, input) => ({
  state: { ...state, name: 'SIGNED_OUT', code: input.code ?? 'AUTH_REVOKED' },
  effects: ['cancelRetry', 'cancelBeat', 'cancelStable', 'closeSocket', 'announceSignInNeeded'],
});

/** The socket is open. */
export const hello: Cell = (state) => ({ state: { ...state, name: 'HELLO' }, effects: ['hello'] });

/** Same incarnation of the server: compare heads. */
export const greeted: Cell = (state) => ({
  state: { ...state, name: 'HEADS', renewals: 0, code: null },
  effects: ['heads'],
});

/** Another incarnation of the server: compare histories first. */
export const check: Cell = (state) => ({
  state: { ...state, name: 'VERIFY', renewals: 0, code: null },
  effects: ['cancelBeat', 'cancelStable', 'verify'],
});

/** A minute of LIVE: the next failure starts from the shortest wait. */
export const proven: Cell = (state) => ({ state: { ...state, attempt: 0, fences: 0 }, effects: [] });

/** The one place that decides what a failed connection means. */
export const fail: Cell = (state, input) => {
  const code = input.code ?? 'OFFLINE';
  const stop: SyncEffect[] = ['cancelBeat', 'cancelStable', 'closeSocket'];
  if (code === 'AUTH_REVOKED' || code === 'REFRESH_REUSED') return needSignIn(state, input);
  if (code === 'DEVICE_CLONED' || (code === 'FENCED' && state.fences >= MAX_FENCES))
    return { state: { ...state, name: 'FENCED', code }, effects: stop };
  if (retryClassOf(code) === 'afterUpdate') {
    return { state: { ...state, name: 'UPGRADE', code }, effects: stop };
  }
  const isAuth = retryClassOf(code) === 'afterAuth' && code !== 'FENCED';
  if (isAuth && state.renewals < MAX_RENEWALS) {
    return {
      state: { ...state, name: 'REAUTH', renewals: state.renewals + 1, code },
      effects: [...stop, 'renewToken'],
    };
  }
  return {
    state: {
      name: 'OFFLINE',
      attempt: state.attempt + 1,
      renewals: 0,
      fences: state.fences + (code === 'FENCED' ? 1 : 0),
      code,
    },
    effects: [...stop, 'armRetry'],
  };
};
