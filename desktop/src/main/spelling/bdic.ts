/**
 * Turns a Hunspell dictionary (an .aff and a .dic file) into the one file Chromium's spelling checker reads, "BDic"
 * version 2. Chromium offers that form only as a download; this makes it from what lies on the person's computer.
 *
 * The file, all numbers little endian: a header (magic, version, where the rules and the words start, MD5 of all that
 * follows), then four tables of rules (groups of flags, affix rules, replacements, all else), then the words as a trie
 * whose leaves name groups of flags by number.
 *
 * Text is handled as "bytes in a string" (latin1) throughout: the trie is one of bytes, and flags are bytes in whatever
 * encoding the files have.
 */
import { createHash } from 'node:crypto';
import type { Result } from '@curlew/shared/lib/result.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';

/** Why a dictionary cannot be turned: it needs what the form has no room for, or its files are not what they say. */
export type BdicRefusal = 'unsupportedRule' | 'unknownEncoding' | 'noWords' | 'tooManyFlags';

const HEADER_BYTES = 32;
const RULES_HEADER_BYTES = 16;
/** A group number up to this stands in the leaf itself. */
const LAST_SHORT_GROUP = 0x1ffe;
const NO_SHORT_GROUP = 0x1fff;
const END_OF_GROUPS = 0xff_ff;
const MAX_GROUPS_OF_WORD = 32;
const MAX_LIST = 15;

/** Rules that change how words would have to be stored. */
const unsupported = new Set(['IGNORE', 'COMPLEXPREFIXES']);
/** Rules about what Chromium is not given: the encoding is UTF-8, notes on grammar and spoken forms are left out. */
const leftOut = new Set(['SET', 'AM', 'PHONE', 'NAME', 'HOME', 'VERSION', 'LANG']);
/** Rules whose words are text; flags in the others stay the bytes they are. */
const textual = new Set(['TRY', 'MAP', 'KEY', 'WORDCHARS', 'ICONV', 'OCONV', 'BREAK']);

/** Turns a dictionary into Chromium's form. */
export function toBdic(aff: Uint8Array, dic: Uint8Array): Result<Uint8Array, BdicRefusal> {
  const affLines = linesOf(aff);
  const encoding = affLines.find((line) => /^SET\s/.test(line))?.split(/\s+/)[1] ?? 'ISO8859-1';
  const toUtf8 = recoder(encoding);
  if (!toUtf8) return err('unknownEncoding');
  const rules = new Rules(toUtf8);
  for (const line of affLines) if (!rules.read(line)) return err('unsupportedRule');
  const words = readWords(linesOf(dic), rules, toUtf8);
  if (words.length === 0) return err('noWords');
  if (rules.groupCount >= END_OF_GROUPS) return err('tooManyFlags');
  return ok(write(rules, words));
}

/** Everything an .aff file says. */
class Rules {
  readonly #toUtf8: (bytes: string) => string;
  readonly #groups: string[] = [];
  readonly #groupIds = new Map<string, number>();
  readonly #affixes = new Map<string, { head: string; lines: string[] }>();
  readonly #replacements: string[] = [];
  readonly #others: string[] = [];
  #isNumbered = false;
  #hasReplacementCount = false;

  constructor(toUtf8: (bytes: string) => string) {
    this.#toUtf8 = toUtf8;
  }

  get groupCount(): number {
    return this.#groups.length;
  }

  /** Takes in one line; false when it cannot be kept. */
  read(line: string): boolean {
    if (line.startsWith('#')) return true;
    const parts = inner(line).split(/[ \t]+/);
    const [name = ''] = parts;
    if (name === '' || leftOut.has(name)) return true;
    if (unsupported.has(name)) return false;
    if (name === 'AF') this.#readGroup(parts);
    else if (name === 'SFX' || name === 'PFX') this.#readAffix(parts);
    else if (name === 'REP') this.#readReplacement(parts);
    else {
      const end = parts.findIndex((part) => part.startsWith('#'));
      const rule = (end > 0 ? parts.slice(0, end) : parts).join(' ');
      this.#others.push(textual.has(name) ? this.#toUtf8(rule) : rule);
    }
    return true;
  }

  /** The number of a group of flags: as the dictionary numbers them, or else in the order they are met. */
  groupOf(flags: string): number {
    if (this.#isNumbered) return Number.parseInt(flags, 10) || 0;
    const known = this.#groupIds.get(flags);
    if (known !== undefined) return known;
    this.#groups.push(flags);
    this.#groupIds.set(flags, this.#groups.length);
    return this.#groups.length;
  }

  /** The four tables, in their order. */
  tables(): string[] {
    const affixes = [...this.#affixes.values()].flatMap(({ head, lines }) => [
      `${head} ${lines.length}`,
      ...lines,
    ]);
    const groups = this.#groups.map((flags) => `AF ${flags}`);
    return [
      table([`AF ${groups.length}`, ...groups]),
      table(affixes),
      table(this.#replacements),
      table(this.#others),
    ];
  }

  #readGroup([, flags = '']: readonly string[]): void {
    // The first one says how many follow.
    if (this.#isNumbered) this.#groups.push(flags);
    this.#isNumbered = true;
  }

  #readAffix([kind = '', flag = '', strip = '', added = '', condition = '.']: readonly string[]): void {
    const key = `${kind} ${flag}`;
    const known = this.#affixes.get(key);
    // The first one says whether it goes with affixes of the other side, and how many rules follow.
    if (!known) return void this.#affixes.set(key, { head: `${key} ${strip}`, lines: [] });
    const slash = added.indexOf('/');
    const letters = this.#toUtf8(slash === -1 ? added : added.slice(0, slash));
    const further = slash === -1 ? '' : `/${this.groupOf(added.slice(slash + 1))}`;
    const when = condition.startsWith('#') ? '.' : condition;
    known.lines.push(`${key} ${this.#toUtf8(strip)} ${letters}${further} ${this.#toUtf8(when)}`);
  }

  #readReplacement([, from = '', to]: readonly string[]): void {
    // The first one says how many follow.
    if (!this.#hasReplacementCount) this.#hasReplacementCount = true;
    else if (to !== undefined) {
      for (const part of [from, to]) this.#replacements.push(this.#toUtf8(part).replaceAll('_', ' '));
    }
  }
}

interface Word {
  readonly bytes: string;
  readonly groups: readonly number[];
}

function readWords(lines: readonly string[], rules: Rules, toUtf8: (bytes: string) => string): Word[] {
  const found = new Map<string, Set<number>>();
  // The first line says how many follow.
  for (const line of lines.slice(1)) {
    // What follows a tab, or a space and two letters with a colon, describes the word’s grammar.
    const [entry = ''] = line.split(/\t| +(?=[a-z]{2}:)/);
    const trimmed = inner(entry);
    // A slash that is not the first and has no backslash before it begins the flags.
    const slash = /(?<=[^\\])\//.exec(trimmed)?.index ?? trimmed.length;
    const bytes = toUtf8(trimmed.slice(0, slash).replaceAll(String.raw`\/`, '/'));
    if (bytes === '' || bytes.includes('\0')) continue;
    const [flags = ''] = trimmed.slice(slash + 1).split(' ');
    const groups = found.get(bytes) ?? new Set();
    groups.add(flags === '' ? 0 : rules.groupOf(flags));
    found.set(bytes, groups);
  }
  return (
    [...found]
      .map(([bytes, groups]) => ({
        bytes,
        groups: [...groups].toSorted((a, b) => b - a).slice(0, MAX_GROUPS_OF_WORD),
      }))
      // By bytes, which a comparison of latin1 strings is.
      .toSorted((a, b) => (a.bytes < b.bytes ? -1 : 1))
  );
}

/** A part of the trie with its size once written. */
type Node = { readonly size: number; readonly letter: number } & (
  | { readonly kind: 'leaf'; readonly rest: string; readonly groups: readonly number[] }
  | { readonly kind: 'list' | 'lookup'; readonly isWide: boolean; readonly children: readonly Node[] }
);

/** The trie of the words from `start` to `end`, which share their first `depth` bytes. */
function trie(words: readonly Word[], start: number, end: number, depth: number): Node {
  const first = words[start];
  if (!first) throw new Error('a part of the trie has a word');
  const letter = depth === 0 ? 0 : (first.bytes.codePointAt(depth - 1) ?? 0);
  if (end - start === 1) {
    const { groups } = first;
    const rest = first.bytes.slice(depth);
    const further = groupsAfterLeaf(groups);
    const size = 2 + (rest === '' ? 0 : rest.length + 1) + (further.length > 0 ? further.length * 2 + 2 : 0);
    return { kind: 'leaf', letter, rest, groups, size };
  }
  const children: Node[] = [];
  for (let from = start; from < end;) {
    const code = words[from]?.bytes.charCodeAt(depth);
    let to = from + 1;
    // Only one word can end here: they are all different.
    while (to < end && code === words[to]?.bytes.charCodeAt(depth)) to += 1;
    children.push(trie(words, from, to, depth + 1));
    from = to;
  }
  const inside = children.reduce((sum, child) => sum + child.size, 0);
  if (children.length <= MAX_LIST && inside <= 0xff_ff) {
    const isWide = inside > 0xff;
    return { kind: 'list', letter, isWide, children, size: 1 + children.length * (isWide ? 3 : 2) + inside };
  }
  const { slots } = lookupRange(children);
  const narrow = 3 + slots * 2 + inside;
  const isWide = narrow > 0xff_ff;
  return { kind: 'lookup', letter, isWide, children, size: isWide ? 3 + slots * 4 + inside : narrow };
}

/** Groups that do not stand in the leaf's own two bytes. */
function groupsAfterLeaf(groups: readonly number[]): readonly number[] {
  return (groups[0] ?? 0) > LAST_SHORT_GROUP ? groups : groups.slice(1);
}

/** The letters a lookup table covers; the end of a word has a place of its own before them. */
function lookupRange(children: readonly Node[]) {
  const hasEnd = children[0]?.letter === 0;
  const first = children[hasEnd ? 1 : 0]?.letter ?? 0;
  const count = (children.at(-1)?.letter ?? 0) - first + 1;
  return { hasEnd, first, count, slots: count + (hasEnd ? 1 : 0) };
}

function writeNode(node: Node, at: number, out: Buffer): void {
  if (node.kind === 'leaf') writeLeaf(node, at, out);
  else if (node.kind === 'list') writeList(node, at, out);
  else writeLookup(node, at, out);
}

function writeLeaf({ rest, groups }: Extract<Node, { kind: 'leaf' }>, start: number, out: Buffer): void {
  const further = groupsAfterLeaf(groups);
  const own = further === groups && groups.length > 0 ? NO_SHORT_GROUP : (groups[0] ?? 0);
  let at = start;
  at = out.writeUInt8((own >> 8) | (rest === '' ? 0 : 0x40) | (further.length > 0 ? 0x20 : 0), at);
  at = out.writeUInt8(own & 0xff, at);
  if (rest !== '') at += out.write(`${rest}\0`, at, 'latin1');
  for (const group of further) at = out.writeUInt16LE(group, at);
  if (further.length > 0) out.writeUInt16LE(END_OF_GROUPS, at);
}

function writeList(node: Exclude<Node, { kind: 'leaf' }>, start: number, out: Buffer): void {
  const { isWide, children } = node;
  let at = out.writeUInt8((isWide ? 0xf0 : 0xe0) | children.length, start);
  const afterTable = at + children.length * (isWide ? 3 : 2);
  let child = afterTable;
  for (const one of children) {
    at = out.writeUInt8(one.letter, at);
    at = isWide ? out.writeUInt16LE(child - afterTable, at) : out.writeUInt8(child - afterTable, at);
    writeNode(one, child, out);
    child += one.size;
  }
}

function writeLookup(node: Exclude<Node, { kind: 'leaf' }>, start: number, out: Buffer): void {
  const { isWide, children } = node;
  const { hasEnd, first, count, slots } = lookupRange(children);
  const slotBytes = isWide ? 4 : 2;
  const table = start + 3;
  out.writeUInt8(0xc0 | (isWide ? 2 : 0) | (hasEnd ? 1 : 0), start);
  out.writeUInt8(first, start + 1);
  out.writeUInt8(count, start + 2);
  let child = table + slots * slotBytes;
  for (const one of children) {
    const slot = one.letter === 0 ? 0 : one.letter - first + (hasEnd ? 1 : 0);
    // Wide addresses count from the start of the file, the others from this node.
    if (isWide) out.writeUInt32LE(child, table + slot * slotBytes);
    else out.writeUInt16LE(child - start, table + slot * slotBytes);
    writeNode(one, child, out);
    child += one.size;
  }
}

function write(rules: Rules, words: readonly Word[]): Uint8Array {
  const root = trie(words, 0, words.length, 0);
  const tables = rules.tables();
  const starts: number[] = [];
  let at = HEADER_BYTES + RULES_HEADER_BYTES;
  for (const one of tables) {
    starts.push(at);
    at += one.length;
  }
  const out = Buffer.alloc(at + root.size);
  out.write('BDic', 0, 'latin1');
  out.writeUInt16LE(2, 4);
  out.writeUInt32LE(HEADER_BYTES, 8);
  out.writeUInt32LE(at, 12);
  for (const [index, start] of starts.entries()) out.writeUInt32LE(start, HEADER_BYTES + index * 4);
  out.write(tables.join(''), starts[0] ?? 0, 'latin1');
  writeNode(root, at, out);
  createHash('md5').update(out.subarray(HEADER_BYTES)).digest().copy(out, 16);
  return out;
}

/** Texts with a zero byte after each and one more at the end; an empty one would be that end. */
function table(texts: readonly string[]): string {
  return `${texts.map((text) => `${text === '' ? ' ' : text}\0`).join('')}\0`;
}

/** Without blanks around it; other trimming would take bytes that belong to letters. */
function inner(text: string): string {
  return text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '');
}

function linesOf(file: Uint8Array): string[] {
  const text = Buffer.from(file.buffer, file.byteOffset, file.byteLength).toString('latin1');
  // A byte order mark, as bytes.
  return text.replace(/^\u00EF\u00BB\u00BF/, '').split(/\r?\n/);
}

/** Turns bytes of an encoding into those of UTF-8; undefined when nobody knows the encoding. */
function recoder(name: string): ((bytes: string) => string) | undefined {
  if (/^utf-?8$/i.test(name)) return (bytes) => bytes;
  const label = name.replace(/^ISO(?=\d)/i, 'iso-').replace(/^microsoft-cp/i, 'windows-');
  try {
    const decoder = new TextDecoder(label);
    return (bytes) => Buffer.from(decoder.decode(Buffer.from(bytes, 'latin1')), 'utf8').toString('latin1');
  } catch {
    return undefined;
  }
}
