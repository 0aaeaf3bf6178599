/**
 * Reading of ZIP files that others made. Owns what may be believed of one: names that leave the archive's folder, entries
 * that are larger than they say, and sizes nobody sane would pack are refused before a byte is unpacked. Never writes files.
 */
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';

/** What is wrong with an archive or with one of its files; a closed set, each with one sentence where it is told. */
export type ZipProblem =
  'NOT_A_ZIP' | 'NAME_UNSAFE' | 'TOO_MANY_FILES' | 'TOO_LARGE' | 'FILE_TOO_LARGE' | 'DAMAGED';

/** An archive that cannot be read. `file`: which of its files, where it is one. */
export class ZipError extends Error {
  readonly code: ZipProblem;
  readonly file: string | undefined;

  constructor(code: ZipProblem, file?: string, cause?: unknown) {
    super(file === undefined ? code : `${code}: ${file}`, { cause });
    this.code = code;
    this.file = file;
  }
}

/** Bounds of an archive, in bytes where it is not a count. */
export interface ZipLimits {
  readonly files: number;
  readonly fileBytes: number;
  readonly totalBytes: number;
}

/** An open archive. */
export interface ZipArchive {
  /** Its files with their unpacked sizes in bytes; folders are none. */
  readonly files: ReadonlyMap<string, number>;
  /** @throws ZipError when the file is damaged or larger than it said */
  readonly read: (name: string) => Promise<Buffer>;
  readonly close: () => void;
}

/**
 * Opens an archive and reads its list of files.
 * @throws ZipError when it is none, or breaks a limit
 */
export async function openZip(path: string, limits: ZipLimits): Promise<ZipArchive> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, opened) => {
      if (error) reject('errno' in error ? error : new ZipError('NOT_A_ZIP', undefined, error));
      else resolve(opened);
    });
  });
  try {
    const entries = await listEntries(zip, limits);
    return {
      files: new Map([...entries].map(([name, entry]) => [name, entry.uncompressedSize])),
      read: async (name) => {
        const entry = entries.get(name);
        if (!entry) throw new ZipError('DAMAGED', name);
        return readEntry(zip, entry);
      },
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function listEntries(zip: ZipFile, limits: ZipLimits): Promise<ReadonlyMap<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    let totalBytes = 0;
    // yauzl itself refuses absolute names, backslashes and "..", and says so with an error.
    zip.on('error', (error) =>
      reject(
        /absolute path|relative path|characters in fileName/i.test(error.message)
          ? new ZipError('NAME_UNSAFE', undefined, error)
          : new ZipError('NOT_A_ZIP', undefined, error),
      ),
    );
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      totalBytes += entry.uncompressedSize;
      if (entry.uncompressedSize > limits.fileBytes)
        return reject(new ZipError('FILE_TOO_LARGE', entry.fileName));
      if (totalBytes > limits.totalBytes) return reject(new ZipError('TOO_LARGE'));
      if (entries.size >= limits.files) return reject(new ZipError('TOO_MANY_FILES'));
      if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

/** Unpacks one file. What it said of its size was judged; yauzl fails as soon as it turns out to be larger. */
async function readEntry(zip: ZipFile, entry: Entry): Promise<Buffer> {
  try {
    const stream = await new Promise<Readable>((resolve, reject) => {
      zip.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    const bytes = Buffer.concat(parts);
    if (crc32(bytes) !== entry.crc32) throw new Error('checksum');
    return bytes;
  } catch (error) {
    throw new ZipError('DAMAGED', entry.fileName, error);
  }
}
