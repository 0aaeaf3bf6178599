// Owns how set-up talks to a person: one line when a long step starts, one with its time when it ends, and for
// a step that fails one sentence that says what to do. Everything goes to stderr: stdout belongs to the command.

/** A set-up step failed in a way a person can mend; `advice` says how. */
export class SetupError extends Error {
  /**
   * @param {string} message what went wrong
   * @param {string} advice what to do about it
   * @param {{cause?: unknown}} [options]
   */
  constructor(message, advice, options) {
    super(message, options);
    this.name = 'SetupError';
    this.advice = advice;
  }
}

/** @param {string} text one line for the person who waits */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Runs a step that takes long enough to be announced.
 *
 * @template T
 * @param {string} title what is being done, as a person would say it
 * @param {() => Promise<T> | T} run
 * @returns {Promise<T>}
 */
export async function step(title, run) {
  const startedMs = Date.now();
  say(`· ${title} …`);
  const result = await run();
  say(`  ${title}: done in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
  return result;
}

/**
 * Runs a command's main function: a SetupError becomes two plain lines, anything else keeps its stack.
 *
 * @param {() => Promise<number | void>} main resolves to the exit code (0 when it resolves to nothing)
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? process.exitCode ?? 0;
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof SetupError) {
      say(`\n✗ ${error.message}`);
      say(`  What to do: ${error.advice}`);
      if (error.cause instanceof Error) say(`  Cause: ${error.cause.message}`);
    } else {
      console.error(error);
    }
  }
}
