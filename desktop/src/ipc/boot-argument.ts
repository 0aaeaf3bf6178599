/**
 * The argument by which main hands {@link BootFacts} to a window's preload: known before the first paint, without a
 * blocking call. It carries nothing secret, since arguments of a process can be read by others.
 */
import type { BootFacts } from './bridge.ts';

const PREFIX = '--curlew-boot=';

/** Encodes the facts as one process argument. */
export function bootArgument(facts: BootFacts): string {
  return PREFIX + encodeURIComponent(JSON.stringify(facts));
}

/**
 * Reads the facts from the preload's arguments.
 * @throws Error without the argument: main forgot it, a bug
 */
export function readBootFacts(argv: readonly string[]): BootFacts {
  const argument = argv.find((candidate) => candidate.startsWith(PREFIX));
  if (argument === undefined) throw new Error('Invariant broken: main passes the boot facts to every window');
  const facts: BootFacts = JSON.parse(decodeURIComponent(argument.slice(PREFIX.length)));
  return facts;
}
