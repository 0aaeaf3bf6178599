/** Reads Chromium's dictionary form back, the way Chromium walks it: how tests know what a written one says. */

/** Every word with the groups of flags it has, and the tables of rules. */
export interface BdicContent {
  readonly words: ReadonlyMap<string, readonly number[]>;
  readonly groups: readonly string[];
  readonly affixes: readonly string[];
  readonly replacements: readonly string[];
  readonly others: readonly string[];
}

/** Reads a whole dictionary. */
export function readBdic(file: Uint8Array): BdicContent {
  const data = Buffer.from(file);
  const rules = data.readUInt32LE(8);
  const tables = [0, 4, 8, 12].map((at) => {
    const start = data.readUInt32LE(rules + at);
    const end = data.indexOf('\0\0', start, 'latin1');
    return data.toString('utf8', start, end).split('\0');
  });
  const words = new Map<string, readonly number[]>();
  walk(data, data.readUInt32LE(12), [], words);
  const [groups = [], affixes = [], replacements = [], others = []] = tables;
  return { words, groups, affixes, replacements, others };
}

function walk(
  data: Buffer,
  at: number,
  path: readonly number[],
  words: Map<string, readonly number[]>,
): void {
  const id = data.readUInt8(at);
  const children: [letter: number, at: number][] = [];
  if (id < 0x80) return readLeaf(data, at, path, words);
  if (id >= 0xe0) {
    const isWide = id >= 0xf0;
    const count = id & 0x0f;
    const entry = isWide ? 3 : 2;
    const base = at + 1 + count * entry;
    for (let from = at + 1; from < base; from += entry) {
      const offset = isWide ? data.readUInt16LE(from + 1) : data.readUInt8(from + 1);
      children.push([data.readUInt8(from), base + offset]);
    }
  } else {
    const isWide = (id & 2) !== 0;
    const slot = isWide ? 4 : 2;
    const hasEnd = (id & 1) !== 0;
    const first = data.readUInt8(at + 1);
    const slots = data.readUInt8(at + 2) + (hasEnd ? 1 : 0);
    for (let index = 0; index < slots; index += 1) {
      const from = at + 3 + index * slot;
      const offset = isWide ? data.readUInt32LE(from) : data.readUInt16LE(from);
      if (offset === 0) continue;
      const letter = hasEnd ? (index === 0 ? 0 : first + index - 1) : first + index;
      children.push([letter, isWide ? offset : at + offset]);
    }
  }
  for (const [letter, child] of children) walk(data, child, letter === 0 ? path : [...path, letter], words);
}

function readLeaf(
  data: Buffer,
  start: number,
  path: readonly number[],
  words: Map<string, readonly number[]>,
): void {
  const id = data.readUInt8(start);
  const own = ((id & 0x1f) << 8) | data.readUInt8(start + 1);
  let at = start + 2;
  let rest: Uint8Array = Buffer.alloc(0);
  if ((id & 0x40) !== 0) {
    const end = data.indexOf(0, at);
    rest = data.subarray(at, end);
    at = end + 1;
  }
  const groups = own === 0x1fff ? [] : [own];
  if ((id & 0x20) !== 0) {
    for (; data.readUInt16LE(at) !== 0xff_ff; at += 2) groups.push(data.readUInt16LE(at));
  }
  words.set(Buffer.concat([Buffer.from(path), rest]).toString('utf8'), groups);
}
