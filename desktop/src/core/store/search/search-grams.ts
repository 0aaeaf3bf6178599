/**
 * What of a message is put into the index: overlapping groups of three characters of its folded text, and marks for
 * who wrote it, where, and whether it holds a link. Owns that form and the question to the index that fits it.
 *
 * Each character of a text begins one group (two fillers stand after the last), so a term of one or two characters is
 * a prefix of a group and a longer term a set of whole groups, in any script and anywhere in a word. The index only
 * names candidates: whoever asks compares each with the text itself.
 */
import { foldText, hasLink } from '@curlew/shared/domain/search.ts';

/** What the index needs of a message. */
export interface IndexedText {
  readonly text: string;
  readonly conversationId: string;
  readonly senderId: string;
}

/** Groups of a long term that are asked for; more would hardly narrow it down. */
const MAX_GROUPS = 10;

// The tokenizer splits at every ASCII character that is no letter or digit: those move to a private range. Nothing a
// person types there has a meaning of its own, and a wrong candidate is only looked at in vain.
const PRIVATE = 0xe000;
const FILLER = String.fromCodePoint(PRIVATE + 0x80);
const GAP = String.fromCodePoint(PRIVATE + 0x20);
const MARK = String.fromCodePoint(PRIVATE + 0x81);
// oxlint-disable-next-line no-control-regex -- exactly the ASCII characters that are no letter or digit
const SEPARATORS = /[\u0000-\u002f\u003a-\u0060\u007b-\u007f]/g;

function charactersOf(folded: string): readonly string[] {
  const safe = folded.replace(SEPARATORS, (separator) =>
    String.fromCodePoint(PRIVATE + separator.charCodeAt(0)),
  );
  return Array.from(safe);
}

/** The tokens of one message, separated by spaces. */
export function tokensOf({ text, conversationId, senderId }: IndexedText): string {
  const characters = [...charactersOf(foldText(text)), FILLER, FILLER];
  const tokens = new Set<string>([conversationToken(conversationId), senderToken(senderId)]);
  if (hasLink(text)) tokens.add(LINK_TOKEN);
  for (let at = 0; at + 2 < characters.length; at += 1) {
    tokens.add(`${characters[at] ?? ''}${characters[at + 1] ?? ''}${characters[at + 2] ?? ''}`);
  }
  return [...tokens].join(' ');
}

/** The token of a conversation's messages. */
export function conversationToken(id: string): string {
  return `${MARK}c${id.replaceAll('-', '')}`;
}

/** The token of a person's messages. */
export function senderToken(id: string): string {
  return `${MARK}s${id.replaceAll('-', '')}`;
}

/** The token of messages with a link. */
export const LINK_TOKEN = `${MARK}l`;

/** FTS5 expressions that a folded part asks for; all must hold. `isShort` when the part is only the begin of groups. */
export function questionOf(part: string): { readonly terms: readonly string[]; readonly isShort: boolean } {
  const characters = charactersOf(part);
  if (characters.length < 3) return { terms: [`"${characters.join('')}" *`], isShort: true };
  const groups = new Set<string>();
  for (let at = 0; at + 2 < characters.length; at += 1) {
    groups.add(`"${characters.slice(at, at + 3).join('')}"`);
  }
  // Groups over the gap between two words are the rarest; of the others, some from all over the term.
  const isGap = (group: string): boolean => group.includes(GAP);
  const gaps = [...groups].filter(isGap).slice(0, MAX_GROUPS / 2);
  const others = [...groups].filter((group) => !isGap(group));
  const count = Math.min(MAX_GROUPS - gaps.length, others.length);
  const spread = Array.from(
    { length: count },
    (_, at) => others[Math.floor((at * others.length) / count)] ?? '',
  );
  return { terms: [...gaps, ...spread], isShort: false };
}
