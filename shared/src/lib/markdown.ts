/**
 * Message text as a tree. Owns the Markdown subset of messages (bold, italic, code, code block, quote, list, links);
 * produces data, never HTML, so nothing a person writes can become markup.
 */

import { findMentions, type MentionNames } from './mentions.ts';

/** Inline parts. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'mention'; readonly text: string; readonly isOwn: boolean }
  | { readonly kind: 'strong' | 'em'; readonly parts: readonly Inline[] }
  | { readonly kind: 'link'; readonly url: string; readonly text: string };

/** Blocks. A paragraph keeps its line breaks as separate lines. */
export type Block =
  | { readonly kind: 'paragraph'; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: 'quote'; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'code'; readonly text: string };

/** Deeper nesting of bold and italic is shown as typed. */
const maxDepth = 4;
const inlinePattern =
  /(?<code>`[^`\n]+`)|(?<strong>\*\*(?=\S)[^\n]*?\S\*\*)|(?<em>(?<![\p{L}\p{N}*])\*(?=[^\s*])[^*\n]*?[^\s*]\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(?=[^\s_])[^_\n]*?[^\s_]_(?![\p{L}\p{N}_]))|(?<link>https?:\/\/[^\s<>"]+)/u;
const trailingPunctuation = /[.,;:!?'"”’)\]]+$/u;

const noNames: MentionNames = new Map();

/**
 * Parses a message. Linear in its length; never throws.
 * @param names names that are mentions behind an @
 */
export function parseMarkdown(text: string, names: MentionNames = noNames): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    if (line.startsWith('```')) {
      const end = lines.findIndex((each, index) => index > at && each.startsWith('```'));
      if (end > at) {
        blocks.push({ kind: 'code', text: lines.slice(at + 1, end).join('\n') });
        at = end + 1;
        continue;
      }
    }
    addLine(blocks, line, names);
    at += 1;
  }
  return blocks;
}

const listPattern = /^(?:[-*•]|(\d{1,3})[.)]) +(.*)$/u;

function addLine(blocks: Block[], line: string, names: MentionNames): void {
  const quote = /^> ?(.*)$/u.exec(line);
  if (quote) {
    appendLine(blocks, 'quote', parseInline(quote[1] ?? '', names));
    return;
  }
  const list = listPattern.exec(line);
  if (list) {
    const isOrdered = list[1] !== undefined;
    const last = blocks.at(-1);
    const item = parseInline(list[2] ?? '', names);
    // A list that does not start at 1 keeps its number as typed.
    if (last?.kind === 'list' && last.isOrdered === isOrdered) {
      blocks[blocks.length - 1] = { ...last, items: [...last.items, item] };
      return;
    }
    if (!isOrdered || list[1] === '1') {
      blocks.push({ kind: 'list', isOrdered, items: [item] });
      return;
    }
  }
  appendLine(blocks, 'paragraph', parseInline(line, names));
}

function appendLine(blocks: Block[], kind: 'paragraph' | 'quote', line: readonly Inline[]): void {
  const last = blocks.at(-1);
  if (last?.kind === kind) blocks[blocks.length - 1] = { kind, lines: [...last.lines, line] };
  else blocks.push({ kind, lines: [line] });
}

/** Parses one line. */
export function parseInline(text: string, names: MentionNames = noNames, depth = 0): Inline[] {
  const parts: Inline[] = [];
  let rest = text;
  while (rest !== '') {
    const match = inlinePattern.exec(rest);
    if (!match || depth >= maxDepth) {
      addText(parts, rest, names);
      break;
    }
    if (match.index > 0) addText(parts, rest.slice(0, match.index), names);
    const raw = match[0];
    const used = addInline(parts, raw, match.groups ?? {}, names, depth);
    rest = rest.slice(match.index + used);
  }
  return parts;
}

/** Adds plain text, its mentions apart. */
function addText(parts: Inline[], text: string, names: MentionNames): void {
  let from = 0;
  for (const { start, end, name } of names.size === 0 ? [] : findMentions(text, names.keys())) {
    if (start > from) parts.push({ kind: 'text', text: text.slice(from, start) });
    parts.push({ kind: 'mention', text: text.slice(start, end), isOwn: names.get(name) === 'own' });
    from = end;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
}

/** Adds one match; returns how many characters it used (a link gives its trailing punctuation back). */
function addInline(
  parts: Inline[],
  raw: string,
  groups: Readonly<Record<string, string | undefined>>,
  names: MentionNames,
  depth: number,
): number {
  if (groups['code'] !== undefined) parts.push({ kind: 'code', text: raw.slice(1, -1) });
  else if (groups['strong'] !== undefined) {
    parts.push({ kind: 'strong', parts: parseInline(raw.slice(2, -2), names, depth + 1) });
  } else if (groups['em'] !== undefined) {
    parts.push({ kind: 'em', parts: parseInline(raw.slice(1, -1), names, depth + 1) });
  } else {
    const url = raw.replace(trailingPunctuation, (tail) =>
      tail.startsWith(')') && raw.includes('(') ? ')' : '',
    );
    parts.push({ kind: 'link', url, text: url });
    return url.length;
  }
  return raw.length;
}

/** A message in one line without its marks: for previews, quotes and what is read aloud. */
export function plainText(text: string): string {
  const ofParts = (parts: readonly Inline[]): string =>
    parts.map((part) => ('parts' in part ? ofParts(part.parts) : part.text)).join('');
  const lines = parseMarkdown(text).flatMap((block) => {
    switch (block.kind) {
      case 'code':
        return [block.text];
      case 'list':
        return block.items.map(ofParts);
      default:
        return block.lines.map(ofParts);
    }
  });
  return lines.join(' ').replace(/\s+/gu, ' ').trim();
}

/** The first https link of a text, outside code; null when there is none. */
export function firstWebLink(text: string): string | null {
  const inLine = (parts: readonly Inline[]): string | null => {
    for (const part of parts) {
      if (part.kind === 'link' && part.url.startsWith('https://')) return part.url;
      const inside = part.kind === 'strong' || part.kind === 'em' ? inLine(part.parts) : null;
      if (inside !== null) return inside;
    }
    return null;
  };
  for (const block of parseMarkdown(text)) {
    if (block.kind === 'code') continue;
    for (const line of block.kind === 'list' ? block.items : block.lines) {
      const url = inLine(line);
      if (url !== null) return url;
    }
  }
  return null;
}

// A grapheme that begins like this is one emoji, whatever joiners, tones and selectors follow.
const emojiStart = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\u{FE0F}?\u{20E3})/u;
const wordCharacter = /\p{L}/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** One to three emoji and nothing else: drawn large, without a bubble. */
export function isEmojiOnly(text: string): boolean {
  if (text.length > 60 || wordCharacter.test(text)) return false;
  const parts = Array.from(graphemes.segment(text), ({ segment }) => segment).filter(
    (part) => part.trim() !== '',
  );
  return parts.length > 0 && parts.length <= 3 && parts.every((part) => emojiStart.test(part));
}
