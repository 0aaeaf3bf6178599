/**
 * Slack's text as ours. Owns the way from mrkdwn, with its names in angle brackets and its three entities, to the Markdown
 * subset of messages; https://api.slack.com/reference/surfaces/formatting describes the former. Linear, never throws.
 */
import { EVERYONE_WORD, HERE, HERE_WORD } from '@curlew/shared/domain/message.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import { withEmoji } from './emoji.ts';

/** Who and what the ids in a text are. */
export interface TextNames {
  /** the person's id here and their name; undefined for somebody nobody knows */
  readonly person: (slackId: string) => { readonly id: string; readonly name: string } | undefined;
  readonly channel: (slackId: string) => string | undefined;
  /** the conversation the text stands in, which "everyone" means */
  readonly conversationId: string;
}

/** A text and the ids it mentions. */
export interface ConvertedText {
  readonly text: string;
  readonly mentions: readonly string[];
}

/** Converts a text. */
export function convertText(source: string, names: TextNames): ConvertedText {
  const mentions = new Set<string>();
  const parts = wellFormed(source).split(/(```[\s\S]*?```|`[^`\n]+`)/u);
  const text = parts
    .map((part, index) => {
      if (index % 2 === 0) return prose(part, names, mentions);
      return part.startsWith('```') ? codeBlock(part.slice(3, -3), names) : literal(part, names);
    })
    .join('')
    // Between a block of code and what stands beside it only one break is meant.
    // oxlint-disable-next-line no-control-regex -- the mark that codeBlock sets
    .replace(/\n?\u0001\n?/gu, '\n');
  return { text: text.trim(), mentions: [...mentions].slice(0, limits.mentions) };
}

/** A text without marks of its own meaning: a title, a name. */
export function plainOf(source: string, names: TextNames): string {
  return literal(wellFormed(source), names).trim();
}

const bracketed = /<([^<>\n]+)>/gu;

function prose(source: string, names: TextNames, mentions: Set<string>): string {
  // What stands in brackets is no text to set bold; it is put back when the marks are done.
  const kept: string[] = [];
  const bare = source.replace(bracketed, (_, inside: string) => {
    kept.push(expand(inside, names, mentions));
    return `\u0002${kept.length - 1}\u0002`;
  });
  const marked = withEmoji(
    entities(bare)
      .replace(/(?<![\p{L}\p{N}*])\*(?=[^\s*])([^*\n]*?[^\s*])\*(?![\p{L}\p{N}*])/gu, '**$1**')
      .split(/^>>> ?/mu)
      .map((part, index) => (index === 0 ? part : part.replace(/^/gmu, '> ')))
      .join(''),
  );
  // oxlint-disable-next-line no-control-regex -- the mark set above
  return marked.replace(/\u0002(\d+)\u0002/gu, (_, index: string) => kept[Number(index)] ?? '');
}

/** Our blocks of code begin and end on lines of their own. */
function codeBlock(inside: string, names: TextNames): string {
  const text = literal(inside, names).replace(/^\n|\n$/gu, '');
  return `\u0001\`\`\`\n${text}\n\`\`\`\u0001`;
}

function literal(source: string, names: TextNames): string {
  return entities(source.replace(bracketed, (_, inside: string) => expand(inside, names, undefined)));
}

function expand(inside: string, names: TextNames, mentions: Set<string> | undefined): string {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? '' : entities(inside.slice(bar + 1));
  const id = target.slice(1);
  if (target.startsWith('@')) {
    const person = names.person(id);
    if (person) mentions?.add(person.id);
    return `@${person?.name ?? (label || id)}`;
  }
  if (target.startsWith('#')) return `#${label || (names.channel(id) ?? id)}`;
  if (target.startsWith('!')) return expandSpecial(id, label, names, mentions);
  const url = entities(target).replace(/^mailto:/u, '');
  // Slack shortens the address it shows; the whole one says the same.
  const isSame =
    label === '' || url === label || url.replace(/^https?:\/\//u, '').startsWith(label.replace(/…$/u, ''));
  return isSame ? url : `${label} (${url})`;
}

function expandSpecial(
  name: string,
  label: string,
  { conversationId }: TextNames,
  mentions: Set<string> | undefined,
): string {
  const [kind = ''] = name.split('^');
  switch (kind) {
    case 'here':
      mentions?.add(HERE);
      return `@${HERE_WORD}`;
    case 'channel':
    case 'everyone':
    case 'group':
      mentions?.add(conversationId);
      return `@${EVERYONE_WORD}`;
    default:
      // A group of people, a date or something newer: what Slack shows where it cannot say it either.
      return label || `@${kind}`;
  }
}

function entities(source: string): string {
  return source.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** What PostgreSQL and UTF-8 cannot hold goes; so do the marks of this file. */
function wellFormed(source: string): string {
  // oxlint-disable-next-line no-control-regex -- these three are what must not come through
  return source.replace(/[\u0000-\u0002]/gu, '').replace(/\p{Surrogate}/gu, '');
}
