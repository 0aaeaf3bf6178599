/** Invalid payloads from valid ones: a field dropped, added, or replaced by what no schema expects. Seeded. */
import fc from 'fast-check';

/** Values that have broken servers before. */
const nasty: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 53,
  -(2 ** 31) - 1,
  1e308,
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '../../etc/passwd',
  "'; DROP TABLE event; --",
  '${7*7}',
  '__proto__',
  'constructor',
  'NaN',
  '0x10',
  '9'.repeat(400),
  'A'.repeat(70_000),
  '0199A3C0-5F00-7000-8000-0000000000C1',
  [],
  [[]],
  {},
  { toString: 'x' },
  { length: 1e9 },
  { $ne: null },
  Array.from({ length: 300 }, (_, index) => index),
];

const extraKeys = ['more', '__proto__', 'constructor', 'toString', 'wipe', 'fence', 'userId', 'actorId', ''];

/** One change of a payload at a random place. */
interface Change {
  readonly place: number;
  readonly kind: 'drop' | 'add' | 'replace' | 'whole';
  readonly key: string;
  readonly value: unknown;
}

const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...nasty) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);
const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(1_000),
  kind: fc.constantFrom('drop', 'add', 'replace', 'replace', 'replace', 'whole'),
  key: fc.constantFrom(...extraKeys),
  value,
});

/** `count` payloads made from `valid`, each changed one to three times, of which `isInvalid` holds. */
export function badPayloads(
  valid: unknown,
  isInvalid: (payload: unknown) => boolean,
  count: number,
  seed: number,
): readonly unknown[] {
  const changes = fc.sample(fc.array(change, { minLength: 1, maxLength: 3 }), { numRuns: count * 4, seed });
  const payloads = changes.map((some) => some.reduce<unknown>(apply, structuredClone(valid)));
  return payloads.filter(isInvalid).slice(0, count);
}

function apply(payload: unknown, { place, kind, key, value: shared }: Change): unknown {
  // A copy: a value put into a payload is changed with it by the next change.
  const replacement = structuredClone(shared);
  if (kind === 'whole') return replacement;
  const objects = nodesOf(payload);
  const node = objects[place % Math.max(1, objects.length)];
  if (!node) return replacement;
  const keys = Object.keys(node);
  const chosen = keys[place % Math.max(1, keys.length)];
  if (kind === 'add' || chosen === undefined) {
    // defineProperty, so that "__proto__" becomes a field of its own as it does in parsed JSON.
    Object.defineProperty(node, key, {
      value: replacement,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else if (kind === 'drop') Reflect.deleteProperty(node, chosen);
  else
    Object.defineProperty(node, chosen, {
      value: replacement,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  return payload;
}

/** All objects and arrays inside a value, itself included. */
function nodesOf(node: unknown): object[] {
  if (typeof node !== 'object' || node === null) return [];
  return [node, ...Object.values(node).flatMap(nodesOf)];
}
