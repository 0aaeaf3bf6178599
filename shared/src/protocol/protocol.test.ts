/** Pins the wire: no schema can change without a line of history and a new hash here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schemaHash } from './schema-hash.test-support.ts';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from './version.ts';

/**
 * Hash of all schemas by protocol version. When this test fails you changed the wire: add a line of history to
 * `version.ts`, raise the version if a released client or server would misread the other, and put the new hash here.
 */
const pinned: Readonly<Record<number, string>> = {
  1: 'ba45d8f025ca092bb00c988588d77f394d6ebcb9350b97fc74edf5f1acdd8757',
};

test('the schemas are those of the pinned version', () => {
  expect(schemaHash()).toBe(pinned[PROTOCOL_VERSION]);
});

test('every version has a line of history, and the oldest supported one is a known version', () => {
  const source = readFileSync(join(import.meta.dirname, 'version.ts'), 'utf8');
  const versions = [...source.matchAll(/^ \* (\d+) {2}\d{4}-\d{2} {2}\S/gm)].map(([, version]) =>
    Number(version),
  );
  expect(versions).toEqual(Array.from({ length: PROTOCOL_VERSION }, (_, index) => index + 1));
  expect(versions).toContain(MIN_PROTOCOL_VERSION);
});
