/** Choices that a seed decides, so that a random history can be repeated. */

/** Makes the chooser of a seed: one of the given values, each as likely as the others. Throws for an empty list. */
export function seededPick(seed: number): <T>(of: readonly T[]) => T {
  let state = seed >>> 0;
  return (of) => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    const at = ((bits ^ (bits >>> 14)) >>> 0) % of.length;
    if (of.length === 0) throw new Error('nothing to choose from');
    return of[at] as (typeof of)[number];
  };
}
