/**
 * The language of search: the grammar of a query, the folding that makes case and accents not count, and where a
 * text matches. Pure; the desktop's index and the server's search read the same query the same way.
 *
 * A query is words and filters, all of which must hold: `term`, `"a phrase"`, `from:name`, `in:conversation`,
 * `before:2026-11-01`, `after:2026-11-01` (both without that day), `has:link`, `is:unread`; a minus before any of them
 * turns it round. A term is found anywhere in a text, also inside a word. Every text is a query: what is no filter is
 * searched for as it stands.
 */

/** One condition of a query. `value` is as typed, never blank and without quotes. */
export interface SearchClause {
  readonly kind: 'text' | 'from' | 'in' | 'before' | 'after' | 'has' | 'is';
  readonly value: string;
  readonly isNegated: boolean;
}

/** A parsed query: every clause must hold. */
export type SearchQuery = readonly SearchClause[];

const FILTERS = ['from', 'in', 'before', 'after', 'has', 'is'] as const;
type FilterKind = (typeof FILTERS)[number];

// Minus, then a filter with its value, a phrase (an open one runs to the end) or a word, which a quote ends too.
const TOKEN = /(-?)(?:([a-z]+):(?:"([^"]*)(?:"|$)|([^\s"]+))|"([^"]*)(?:"|$)|([^\s"]+))/giu;

/** Reads a query. Never fails. */
export function parseSearch(text: string): SearchQuery {
  const clauses: SearchClause[] = [];
  const add = (kind: SearchClause['kind'], raw: string, isNegated: boolean): void => {
    const value = raw.trim();
    if (value !== '') clauses.push({ kind, value, isNegated });
  };
  for (const match of text.matchAll(TOKEN)) {
    const [whole, minus, name, quotedValue, bareValue, phrase, word] = match;
    const isNegated = minus === '-';
    const value = quotedValue ?? bareValue;
    if (name !== undefined && value !== undefined) {
      const kind = filterOf(name, value.trim());
      if (kind) add(kind, value, isNegated);
      // No filter of ours: a text such as `https://…`, or a name followed by a phrase.
      else if (bareValue === undefined) {
        add('text', `${name}:`, isNegated);
        add('text', value, isNegated);
      } else add('text', `${name}:${value}`, isNegated);
    } else if (phrase !== undefined) add('text', phrase, isNegated);
    else add('text', word ?? whole, isNegated);
  }
  return clauses;
}

/** Writes a query so that reading it gives the same clauses. */
export function printSearch(query: SearchQuery): string {
  return query
    .map(({ kind, value, isNegated }) => {
      const quoted = /\s/u.test(value) ? `"${value}"` : value;
      const body = kind === 'text' ? printText(value) : `${kind}:${quoted}`;
      return `${isNegated ? '-' : ''}${body}`;
    })
    .join(' ');
}

function printText(value: string): string {
  const [clause, ...others] = parseSearch(value);
  const isPlain =
    others.length === 0 && clause?.kind === 'text' && clause.value === value && !clause.isNegated;
  return isPlain && !/\s/u.test(value) ? value : `"${value}"`;
}

function filterOf(name: string, value: string): FilterKind | undefined {
  const kind = FILTERS.find((filter) => filter === name.toLowerCase());
  switch (kind) {
    case 'before':
    case 'after':
      return isDay(value) ? kind : undefined;
    case 'has':
      return value.toLowerCase() === 'link' ? kind : undefined;
    case 'is':
      return value.toLowerCase() === 'unread' ? kind : undefined;
    default:
      return value === '' ? undefined : kind;
  }
}

function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/u.test(value)) return false;
  const at = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(value);
}

const PLAIN = /^[\x21-\x7e]*(?: [\x21-\x7e]+)*$/u;

/**
 * Text as it is compared: without case, accents and other marks, compatible forms as one (half width, ligatures), a
 * run of spaces and line breaks as one space. Folding twice changes nothing.
 */
export function foldText(text: string): string {
  // Most of what people write in Latin script needs none of it.
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}+/gu, '')
    .toLowerCase()
    .replace(/\p{Mark}+/gu, '')
    .replaceAll('ς', 'σ')
    .replace(/\s+/gu, ' ');
}

/** Whether a text holds a web address. */
export function hasLink(text: string): boolean {
  return /https?:\/\/[^\s]/iu.test(text);
}

/** A query ready to be compared with messages. */
export interface SearchMatcher {
  /** Folded parts that a text must hold; none is empty. */
  readonly parts: readonly string[];
  /** Folded parts that a text must not hold. */
  readonly exceptParts: readonly string[];
  /** First millisecond that counts. */
  readonly fromMs: number;
  /** First millisecond that does not count any more. */
  readonly beforeMs: number;
  /** Parts of a name of whom each message must be from; with `-`, must not. */
  readonly from: readonly SearchClause[];
  /** Parts of a title of where each message must be. */
  readonly in: readonly SearchClause[];
  /** Whether a link is asked for (true), ruled out (false) or does not matter. */
  readonly hasLink: boolean | null;
  /** The same of being unread. */
  readonly isUnread: boolean | null;
  /** Conditions that contradict each other: nothing can match. */
  readonly isImpossible: boolean;
  /** Nothing is asked for at all. */
  readonly isEmpty: boolean;
}

/**
 * Makes a query comparable.
 * @param dayStartMs when a day `YYYY-MM-DD` begins for whoever searches, in milliseconds since 1970
 */
export function searchMatcher(query: SearchQuery, dayStartMs: (day: string) => number): SearchMatcher {
  const parts = new Set<string>();
  const exceptParts = new Set<string>();
  let fromMs = Number.NEGATIVE_INFINITY;
  let beforeMs = Number.POSITIVE_INFINITY;
  const flags = { has: new Set<boolean>(), is: new Set<boolean>() };
  for (const { kind, value, isNegated } of query) {
    if (kind === 'text') {
      const part = foldText(value).trim();
      if (part !== '') (isNegated ? exceptParts : parts).add(part);
    } else if (kind === 'before' || kind === 'after') {
      const isUpperBound = (kind === 'before') !== isNegated;
      const at = kind === 'before' ? dayStartMs(value) : dayStartMs(dayAfter(value));
      if (isUpperBound) beforeMs = Math.min(beforeMs, at);
      else fromMs = Math.max(fromMs, at);
    } else if (kind === 'has' || kind === 'is') flags[kind].add(!isNegated);
  }
  const isImpossible = flags.has.size > 1 || flags.is.size > 1 || fromMs >= beforeMs;
  const [link = null] = flags.has;
  const [unread = null] = flags.is;
  const from = query.filter(({ kind }) => kind === 'from');
  const inside = query.filter(({ kind }) => kind === 'in');
  const isEmpty =
    parts.size + exceptParts.size + from.length + inside.length + flags.has.size + flags.is.size === 0 &&
    fromMs === Number.NEGATIVE_INFINITY &&
    beforeMs === Number.POSITIVE_INFINITY;
  return {
    parts: [...parts],
    exceptParts: [...exceptParts],
    fromMs,
    beforeMs,
    from,
    in: inside,
    hasLink: link,
    isUnread: unread,
    isImpossible,
    isEmpty,
  };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** Whether a name or title satisfies `from:` or `in:` clauses: it holds every part, and none that is ruled out. */
export function nameMatches(name: string, clauses: readonly SearchClause[]): boolean {
  const folded = foldText(name);
  return clauses.every(({ value, isNegated }) => folded.includes(foldText(value).trim()) !== isNegated);
}

/** Whether a message's text and time satisfy everything but who, where and unread. */
export function textMatches(matcher: SearchMatcher, text: string, createdAtMs: number): boolean {
  if (createdAtMs < matcher.fromMs || createdAtMs >= matcher.beforeMs) return false;
  if (matcher.hasLink !== null && hasLink(text) !== matcher.hasLink) return false;
  if (matcher.parts.length + matcher.exceptParts.length === 0) return true;
  const folded = foldText(text);
  return (
    matcher.parts.every((part) => folded.includes(part)) &&
    !matcher.exceptParts.some((part) => folded.includes(part))
  );
}

/** A piece of a text with the places to mark, as offsets [start, end) into `text`. */
export interface SearchExcerpt {
  readonly text: string;
  readonly marks: readonly (readonly [start: number, end: number])[];
}

/** Characters shown before the first match. */
const LEAD = 40;

/** The part of a text around its first match, on one line, at most `length` UTF-16 units, with every match in it. */
export function searchExcerpt(text: string, parts: readonly string[], length = 200): SearchExcerpt {
  const { folded, offsets } = foldWithOffsets(text);
  const found = parts
    .flatMap((part) => [...occurrences(folded, part)])
    .map(([from, to]) => [offsets[from] ?? 0, offsets[to] ?? text.length] as const)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const first = found[0]?.[0] ?? 0;
  const start = first <= LEAD || text.length <= length ? 0 : wholeCharacter(text, first - LEAD);
  const end = wholeCharacter(text, Math.min(text.length, start + length));
  const lead = start > 0 ? '…' : '';
  const shift = lead.length - start;
  const marks: [number, number][] = [];
  for (const [from, to] of found) {
    const mark: [number, number] = [Math.max(from, start) + shift, Math.min(to, end) + shift];
    const last = marks.at(-1);
    if (mark[0] >= mark[1]) continue;
    if (last && mark[0] <= last[1]) last[1] = Math.max(last[1], mark[1]);
    else marks.push(mark);
  }
  const tail = end < text.length ? '…' : '';
  return { text: lead + text.slice(start, end).replace(/\s/gu, ' ') + tail, marks };
}

function* occurrences(folded: string, part: string): Generator<readonly [number, number]> {
  for (let at = folded.indexOf(part); at >= 0 && part !== ''; at = folded.indexOf(part, at + part.length))
    yield [at, at + part.length];
}

// Never between the halves of a character beyond U+FFFF.
function wholeCharacter(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}

/** The folded text, and for each of its units the offset in the original of the character it came from; one more. */
function foldWithOffsets(text: string): { readonly folded: string; readonly offsets: readonly number[] } {
  let folded = '';
  const offsets: number[] = [];
  let at = 0;
  for (const character of text) {
    const piece = foldText(character);
    // A run of spaces is one, as in the whole.
    if (!(piece === ' ' && folded.endsWith(' '))) {
      folded += piece;
      for (let unit = 0; unit < piece.length; unit += 1) offsets.push(at);
    }
    at += character.length;
  }
  offsets.push(text.length);
  return { folded, offsets };
}
