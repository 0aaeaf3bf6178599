/**
 * Results and assertions. Owns the two ways a function says "no": a `Result` for outcomes a caller must
 * handle, and `must`/`assertNever` for states that only a bug can reach.
 */

/** An expected outcome: a value, or an error the caller is obliged to look at. */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** Wraps a value as a successful {@link Result}. */
export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps an error as a failed {@link Result}. */
export function err<E>(error: E): { readonly ok: false; readonly error: E } {
  return { ok: false, error };
}

/**
 * Unwraps a value that cannot be missing.
 * @param why one sentence on why the value must exist; it becomes the message of the bug report.
 * @throws Error when it is missing all the same: a bug, never an expected outcome.
 */
export function must<T>(value: T | null | undefined, why: string): T {
  if (value === null || value === undefined) throw new Error(`Invariant broken: ${why}`);
  return value;
}

/** Makes a switch total: a new member of the union stops compiling where it is not handled. */
export function assertNever(value: never, what = 'value'): never {
  throw new Error(`Unexpected ${what}: ${JSON.stringify(value)}`);
}
