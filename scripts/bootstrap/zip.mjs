// Owns reading a zip archive with Node's built-ins alone, for machines without `unzip`.
// Format: PKWARE APPNOTE 6.3, the plain part: stored and deflated entries, no encryption, no zip64.

import { closeSync, fstatSync, mkdirSync, openSync, readSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inflateRawSync } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
/** The end record is 22 bytes plus a comment of at most 64 KiB. */
const MAX_END_BYTES = 22 + 0xffff;
const SYMLINK = 0o120000;

/**
 * Unpacks the entries that `place` gives a destination.
 *
 * @param {string} zipFile
 * @param {(name: string) => string | undefined} place entry name → absolute destination, or undefined to leave out
 */
export function unpackZip(zipFile, place) {
  const file = openSync(zipFile, 'r');
  try {
    for (const entry of readDirectory(file)) {
      const destination = entry.name.endsWith('/') ? undefined : place(entry.name);
      if (destination === undefined) continue;
      mkdirSync(path.dirname(destination), { recursive: true });
      const content = readEntry(file, entry);
      if ((entry.mode & 0o170000) === SYMLINK) symlinkSync(content.toString('utf8'), destination);
      else writeFileSync(destination, content, { mode: entry.mode & 0o777 || 0o644 });
    }
  } finally {
    closeSync(file);
  }
}

/**
 * @typedef {{name: string, mode: number, method: number, packedBytes: number, offset: number}} ZipEntry
 */

/**
 * @param {number} file descriptor
 * @returns {ZipEntry[]}
 */
function readDirectory(file) {
  const sizeBytes = fstatSync(file).size;
  const tail = readAt(file, Math.max(0, sizeBytes - MAX_END_BYTES), Math.min(sizeBytes, MAX_END_BYTES));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  if (end < 0) throw new Error('not a zip archive: it has no end record');
  const directory = readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries = [];
  for (let at = 0; at < directory.length;) {
    if (directory.readUInt32LE(at) !== DIRECTORY_ENTRY)
      throw new Error('damaged zip archive: bad directory entry');
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      mode: directory.readUInt32LE(at + 38) >>> 16,
      method: directory.readUInt16LE(at + 10),
      packedBytes: directory.readUInt32LE(at + 20),
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * @param {number} file descriptor
 * @param {ZipEntry} entry
 */
function readEntry(file, entry) {
  // The local header repeats the name and may carry other extra fields than the directory does.
  const header = readAt(file, entry.offset, 30);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = readAt(file, start, entry.packedBytes);
  if (entry.method === 0) return packed;
  if (entry.method === 8) return inflateRawSync(packed);
  throw new Error(`unsupported zip compression ${entry.method} in ${entry.name}`);
}

/**
 * @param {number} file descriptor
 * @param {number} position
 * @param {number} length
 */
function readAt(file, position, length) {
  const buffer = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const count = readSync(file, buffer, read, length - read, position + read);
    if (count === 0) throw new Error('damaged zip archive: it ends too early');
    read += count;
  }
  return buffer;
}
