/** What may be logged of an error: its name and place. Its message may quote anything and stays out. */

/** Name of an error, and the file, line and column it was thrown at where its stack tells. */
export interface ErrorFacts {
  readonly error: string;
  readonly at: string | null;
}

/** Reads the facts of anything that was thrown. */
export function errorFacts(thrown: unknown): ErrorFacts {
  if (!(thrown instanceof Error)) return { error: 'unknown', at: null };
  const place = /^\s+at .*?([\w.-]+:\d+:\d+)\)?$/m.exec(thrown.stack ?? '')?.[1] ?? null;
  return { error: thrown.name, at: place };
}
