import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unpackZip } from './zip.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'curlew-zip-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A zip archive by the book: local header and content each, then the directory, then its end record. */
function zipOf(files: { name: string; text: string; mode: number; isDeflated: boolean }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, text, mode, isDeflated } of files) {
    const content = isDeflated ? deflateRawSync(text) : Buffer.from(text);
    const local = Buffer.alloc(30 + name.length);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    local.write(name, 30);
    const entry = Buffer.alloc(46 + name.length);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(isDeflated ? 8 : 0, 10);
    entry.writeUInt32LE(content.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE((mode << 16) >>> 0, 38);
    entry.writeUInt32LE(offset, 42);
    entry.write(name, 46);
    parts.push(local, content);
    directory.push(entry);
    offset += local.length + content.length;
  }
  const end = Buffer.alloc(22 + 5);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(5, 20);
  end.write('hello', 22); // a comment, so that the end record is not the last 22 bytes
  return Buffer.concat([...parts, ...directory, end]);
}

test('stored and deflated entries come out with their modes; entries without a place are left out', () => {
  const zip = path.join(folder, 'a.zip');
  const long = 'curlew '.repeat(1000);
  writeFileSync(
    zip,
    zipOf([
      { name: 'bin/run', text: '#!/bin/sh', mode: 0o100755, isDeflated: false },
      { name: 'doc/long', text: long, mode: 0o100644, isDeflated: true },
      { name: 'secret', text: 'x', mode: 0o100644, isDeflated: false },
    ]),
  );

  unpackZip(zip, (name) => (name === 'secret' ? undefined : path.join(folder, 'out', name)));

  expect(readFileSync(path.join(folder, 'out/doc/long'), 'utf8')).toBe(long);
  expect(statSync(path.join(folder, 'out/bin/run')).mode & 0o777).toBe(0o755);
  expect(existsSync(path.join(folder, 'out/secret'))).toBe(false);
});

test('what is not an archive is refused', () => {
  const file = path.join(folder, 'b.zip');
  writeFileSync(file, 'not a zip archive at all, but long enough to be one');
  expect(() => unpackZip(file, (name) => name)).toThrow('no end record');
});
