/**
 * Mentions in a text. Owns how "@Name" is found while it is typed, and afterwards; pure, so that sending and showing
 * read the same words.
 */

/** Somebody, a site or a unit, or everybody, a text can mention. */
export interface Mentionable {
  /** Of the person or place; for everybody the conversation's, for those online `HERE`. */
  readonly id: string;
  readonly name: string;
  /** Absent: a person. */
  readonly kind?: 'everyone' | 'here' | 'site' | 'unit' | undefined;
  /** Whom it names, but me; absent: that one person. */
  readonly memberIds?: readonly string[] | undefined;
}

/** How many people a message with these mentions notifies, each counted once. */
export function peopleNotified(ids: readonly string[], all: readonly Mentionable[]): number {
  const wanted = new Set(ids);
  const people = all.flatMap((each) => (wanted.has(each.id) ? (each.memberIds ?? [each.id]) : []));
  return new Set(people).size;
}

/** Names that are mentions, and whether the reader is meant. */
export type MentionNames = ReadonlyMap<string, 'own' | 'other'>;

/** A mention in a text, from its @ to the end of the name. */
export interface FoundMention {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

const wordCharacter = /[\p{L}\p{N}_]/u;

/** Finds "@Name" of known names; of two that fit the longer one. An address like a@b.org has none. */
export function findMentions(text: string, names: Iterable<string>): FoundMention[] {
  const found: FoundMention[] = [];
  let longestFirst: readonly string[] | null = null;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (wordCharacter.test(text.charAt(at - 1))) continue;
    longestFirst ??= [...names].sort((a, b) => b.length - a.length);
    const name = longestFirst.find(
      (each) =>
        each !== '' &&
        text.startsWith(each, at + 1) &&
        !wordCharacter.test(text.charAt(at + 1 + each.length)),
    );
    if (name !== undefined) found.push({ start: at, end: at + 1 + name.length, name });
  }
  return found;
}

/** A mention being typed: where its @ stands and what follows it up to the caret. */
export interface MentionQuery {
  readonly at: number;
  readonly query: string;
}

const queryPattern = /(?<![\p{L}\p{N}_])@((?!\s)[^@\n]{0,40})$/u;

/** The mention before the caret, or null. */
export function mentionQueryAt(text: string, caret: number): MentionQuery | null {
  const match = queryPattern.exec(text.slice(Math.max(0, caret - 50), caret));
  return match ? { at: caret - match[0].length, query: match[1] ?? '' } : null;
}

/** Those a query means: whose name, or a word of it, begins like this. Accents and case do not count. */
export function matchingMentions<T extends Mentionable>(all: readonly T[], query: string): readonly T[] {
  const wanted = folded(query);
  if (wanted === '') return all;
  const rank = ({ name }: T): number => {
    const at = ` ${folded(name)}`.indexOf(` ${wanted}`);
    return at < 0 ? 2 : Math.min(at, 1);
  };
  return all.filter((each) => rank(each) < 2).sort((a, b) => rank(a) - rank(b));
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/**
 * Ids a text mentions when it is sent.
 * @param chosen ids picked from the list while writing
 * @param trusted texts that came with their mentions (a stored draft, the message being edited): whoever they name
 *   counts as picked
 */
export function mentionedIds(
  text: string,
  all: readonly Mentionable[],
  chosen: ReadonlySet<string>,
  trusted: readonly string[],
): string[] {
  const names = new Set(all.map(({ name }) => name));
  const namesIn = (each: string) => new Set(findMentions(each, names).map(({ name }) => name));
  const standing = namesIn(text);
  if (standing.size === 0) return [];
  const known = new Set(trusted.flatMap((each) => [...namesIn(each)]));
  // Of two people with one name only the one who was picked is meant.
  for (const { id, name } of all) if (chosen.has(id)) known.delete(name);
  return all
    .filter(({ id, name }) => standing.has(name) && (chosen.has(id) || known.has(name)))
    .map(({ id }) => id);
}
