/** What can happen in a simulation. Owns the list and how often each is drawn. */

/** What can happen to a device, its files, its clock, the network or the server, with how often it does. */
const weights = [
  ['send', 34],
  ['react', 7],
  ['edit', 6],
  ['delete', 5],
  ['read', 6],
  ['scrollBack', 6],
  ['setEntry', 4],
  ['group', 5],
  ['add', 6],
  ['remove', 4],
  ['leave', 2],
  ['role', 2],
  ['rename', 3],
  ['pin', 2],
  ['close', 1],
  ['open', 1],
  ['status', 2],
  ['link', 2],
  ['announce', 1],
  ['offline', 3],
  ['online', 4],
  ['environment', 4],
  ['crashSoon', 5],
  ['kill', 3],
  ['start', 1],
  ['remember', 3],
  ['serverCrash', 3],
  ['weather', 4],
  ['diskFull', 2],
  ['diskFree', 2],
  ['clockJump', 3],
  ['travel', 4],
  ['lifetime', 3],
  ['schedule', 3],
  ['reschedule', 2],
  ['sendDue', 1],
  ['unschedule', 1],
  ['toDraft', 1],
  ['retention', 2],
  ['night', 2],
] as const;
/** What happens in a world that is about who belongs to what. */
const groupWeights: Weights = [
  ['send', 30],
  ['react', 4],
  ['edit', 6],
  ['delete', 5],
  ['read', 5],
  ['scrollBack', 4],
  ['group', 3],
  ['add', 22],
  ['remove', 16],
  ['leave', 4],
  ['role', 8],
  ['rename', 6],
  ['pin', 4],
  ['offline', 4],
  ['online', 6],
  ['crashSoon', 3],
  ['kill', 2],
  ['remember', 2],
  ['start', 1],
  ['serverCrash', 2],
  ['weather', 3],
  ['travel', 4],
];

/** What happens in a world of items that change their state, and of channels in which few speak to all. */
const linkedWeights: Weights = [
  ['send', 30],
  ['react', 12],
  ['edit', 3],
  ['delete', 3],
  ['read', 6],
  ['scrollBack', 3],
  ['link', 8],
  ['announce', 4],
  ['status', 10],
  ['close', 8],
  ['open', 6],
  ['add', 4],
  ['remove', 4],
  ['leave', 3],
  ['role', 6],
  ['pin', 3],
  ['offline', 4],
  ['online', 6],
  ['crashSoon', 3],
  ['kill', 2],
  ['remember', 2],
  ['start', 1],
  ['serverCrash', 2],
  ['weather', 3],
  ['travel', 4],
];

/** What happens in a world where messages end: disappear, are kept no longer, or were to be sent by now. */
const lifetimeWeights: Weights = [
  ['send', 34],
  ['react', 4],
  ['edit', 4],
  ['delete', 3],
  ['read', 6],
  ['scrollBack', 5],
  ['group', 2],
  ['add', 4],
  ['remove', 4],
  ['leave', 2],
  ['lifetime', 10],
  ['schedule', 14],
  ['reschedule', 6],
  ['sendDue', 3],
  ['unschedule', 3],
  ['toDraft', 3],
  ['retention', 7],
  ['night', 7],
  ['offline', 6],
  ['online', 7],
  ['crashSoon', 3],
  ['kill', 4],
  ['remember', 2],
  ['start', 1],
  ['serverCrash', 2],
  ['weather', 3],
  ['clockJump', 3],
  ['travel', 4],
];

/** The mixes a world is drawn from. */
export const mixes = {
  everything: weights,
  groups: groupWeights,
  linked: linkedWeights,
  lifetime: lifetimeWeights,
} as const;

/** One kind of happening. */
export type ActionKind = (typeof weights)[number][0];
/** Kinds with how often each is drawn. */
export type Weights = readonly (readonly [ActionKind, number])[];

/** The kind that a number from 0 to 1 falls on. */
export function drawFrom(of: Weights, unit: number): ActionKind {
  let roll = unit * of.reduce((sum, [, weight]) => sum + weight, 0);
  return of.find(([, weight]) => (roll -= weight) < 0)?.[0] ?? 'send';
}

/** A scripted happening: to the nth device, and how long to wait after it. */
export interface Action {
  readonly kind: ActionKind;
  readonly device: number;
  readonly waitMs: number;
}
