/** What can happen in a simulation. Owns the list and how often each is drawn. */

/** What can happen to a device, its files, its clock, the network or the server, with how often it does. */
export const weights = [
  ['send', 34],
  ['react', 7],
  ['edit', 6],
  ['delete', 5],
  ['read', 6],
  ['scrollBack', 6],
  ['setEntry', 4],
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
] as const;
/** Sum of all weights. */
export const totalWeight = weights.reduce((sum, [, weight]) => sum + weight, 0);
/** One kind of happening. */
export type ActionKind = (typeof weights)[number][0];
/** A scripted happening: to the nth device, and how long to wait after it. */
export interface Action {
  readonly kind: ActionKind;
  readonly device: number;
  readonly waitMs: number;
}
