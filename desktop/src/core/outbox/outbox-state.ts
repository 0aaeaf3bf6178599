/**
 * The outbox item's state machine: pure, total. Owns which state follows which on what; `outbox.ts` only stores what
 * this table says. A new state or input does not compile until all its cells are filled.
 */
import type { OpState } from '../store/store-types.ts';

/** States in which an op can still go by itself. */
export const LIVE_STATES = [
  'QUEUED',
  'WAIT_DEPENDENCY',
  'WAIT_ATTACHMENT',
  'READY',
  'IN_FLIGHT',
  'AMBIGUOUS',
  'BACKOFF',
] as const satisfies readonly OpState[];

/** States that wait for a person. Only these can be discarded, and only a person discards. */
export const DECISION_STATES = [
  'REJECTED',
  'STALLED',
  'PARKED',
  'CANCELLED',
] as const satisfies readonly OpState[];

const decisionStates: ReadonlySet<OpState> = new Set(DECISION_STATES);

/** Whether an item in this state waits for a person. */
export function isDecisionState(state: OpState): boolean {
  return decisionStates.has(state);
}

/** Every state. */
export const OP_STATES = [
  ...LIVE_STATES,
  'ACKED',
  'APPLIED',
  ...DECISION_STATES,
] as const satisfies readonly OpState[];

/**
 * What happens to an item.
 * - dependencyLive … dependencyFailed: what became of the op it depends on (`dependencyMet` also when it has none)
 * - taken: put into a batch · acknowledged: committed with a seq · unchanged: accepted, nothing to change
 * - seen: its event was applied to the cache · passed: an earlier op stopped the batch
 * - retryLater: refused for now · refused: refused for good · gaveUp: refused for now once too often
 * - connectionLost, processStarted: the answer will never come · resent: may go again · timerDue: its delay is over
 * - poisoned: it ended a connection once too often · aged: too old to go unasked · expired: the time it was to be sent
 *   by is over · unreadable: cannot be parsed
 * - retryAsked, sendAsked, cancelAsked: the person's decisions · reoffered: a restored server may lack it
 */
export const OP_INPUTS = [
  'dependencyLive',
  'dependencyMet',
  'dependencyStalled',
  'dependencyParked',
  'dependencyFailed',
  'taken',
  'acknowledged',
  'unchanged',
  'seen',
  'passed',
  'retryLater',
  'refused',
  'gaveUp',
  'connectionLost',
  'processStarted',
  'resent',
  'timerDue',
  'poisoned',
  'aged',
  'expired',
  'unreadable',
  'retryAsked',
  'sendAsked',
  'cancelAsked',
  'reoffered',
] as const;
/** See {@link OP_INPUTS}. */
export type OpInput = (typeof OP_INPUTS)[number];

type Row = Readonly<Record<OpInput, OpState>>;

/** A row in which every input leaves the state as it is, but for the named ones. */
function row(state: OpState, changes: Partial<Row>): Row {
  const stay = Object.fromEntries(OP_INPUTS.map((input) => [input, state])) as Record<OpInput, OpState>;
  return { ...stay, ...changes };
}

/** Whatever the state: the event is in the log, so it was sent; a row nobody can read is never sent. */
const ALWAYS = { seen: 'APPLIED', unreadable: 'STALLED' } as const;
/** Before the first attempt: what the dependency says, age and the person decide. */
const UNSENT = {
  ...ALWAYS,
  dependencyLive: 'WAIT_DEPENDENCY',
  dependencyMet: 'READY',
  dependencyStalled: 'STALLED',
  dependencyParked: 'PARKED',
  dependencyFailed: 'CANCELLED',
  aged: 'PARKED',
  expired: 'CANCELLED',
  cancelAsked: 'CANCELLED',
} as const;

const table: Readonly<Record<OpState, Row>> = {
  QUEUED: row('QUEUED', UNSENT),
  WAIT_DEPENDENCY: row('WAIT_DEPENDENCY', UNSENT),
  // Reserved for attachments: leaves by the upload's own input once that exists.
  WAIT_ATTACHMENT: row('WAIT_ATTACHMENT', {
    ...ALWAYS,
    aged: 'PARKED',
    expired: 'CANCELLED',
    cancelAsked: 'CANCELLED',
  }),
  READY: row('READY', { ...UNSENT, taken: 'IN_FLIGHT' }),
  IN_FLIGHT: row('IN_FLIGHT', {
    ...ALWAYS,
    acknowledged: 'ACKED',
    unchanged: 'APPLIED',
    passed: 'READY',
    retryLater: 'BACKOFF',
    refused: 'REJECTED',
    gaveUp: 'STALLED',
    connectionLost: 'AMBIGUOUS',
    processStarted: 'AMBIGUOUS',
    poisoned: 'STALLED',
  }),
  // A late answer of the old connection is as good as one of the new.
  AMBIGUOUS: row('AMBIGUOUS', {
    ...ALWAYS,
    acknowledged: 'ACKED',
    unchanged: 'APPLIED',
    resent: 'READY',
    poisoned: 'STALLED',
  }),
  BACKOFF: row('BACKOFF', { ...ALWAYS, acknowledged: 'ACKED', timerDue: 'READY', retryAsked: 'READY' }),
  ACKED: row('ACKED', { ...ALWAYS, reoffered: 'READY' }),
  APPLIED: row('APPLIED', { reoffered: 'READY' }),
  REJECTED: row('REJECTED', { ...ALWAYS, retryAsked: 'READY' }),
  STALLED: row('STALLED', { ...ALWAYS, retryAsked: 'READY' }),
  PARKED: row('PARKED', {
    ...ALWAYS,
    expired: 'CANCELLED',
    retryAsked: 'READY',
    sendAsked: 'READY',
    cancelAsked: 'CANCELLED',
  }),
  CANCELLED: row('CANCELLED', { ...ALWAYS, retryAsked: 'READY' }),
};

/** The state after an input. Total: an input without meaning in a state leaves it. */
export function nextOpState(state: OpState, input: OpInput): OpState {
  return table[state][input];
}

/** What the state of an op means for those that depend on it. */
export function dependencyInput(state: OpState | undefined): OpInput {
  switch (state) {
    case undefined: // Not in the outbox: it was applied, or never needed.
    case 'ACKED':
    case 'APPLIED':
      return 'dependencyMet';
    case 'STALLED':
      return 'dependencyStalled';
    case 'PARKED':
      return 'dependencyParked';
    case 'REJECTED':
    case 'CANCELLED':
      return 'dependencyFailed';
    case 'QUEUED':
    case 'WAIT_DEPENDENCY':
    case 'WAIT_ATTACHMENT':
    case 'READY':
    case 'IN_FLIGHT':
    case 'AMBIGUOUS':
    case 'BACKOFF':
      return 'dependencyLive';
  }
}

/** Whether an item keeps the later ones of its lane waiting. */
export function blocksLane(state: OpState): boolean {
  switch (state) {
    case 'QUEUED':
    case 'WAIT_DEPENDENCY':
    case 'READY':
    case 'IN_FLIGHT':
    case 'AMBIGUOUS':
    case 'BACKOFF':
      return true;
    case 'WAIT_ATTACHMENT':
    case 'ACKED':
    case 'APPLIED':
    case 'REJECTED':
    case 'STALLED':
    case 'PARKED':
    case 'CANCELLED':
      return false;
  }
}
