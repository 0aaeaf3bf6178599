/**
 * The backup file: gzipped lines of JSON. The first line is the header, then for each table a line that names it and one
 * line a row, the last line counts the rows. It names columns, so it outlives changes of their order.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip, createGzip } from 'node:zlib';
import { z } from 'zod';

/** Version of the file format. */
const FORMAT = 1;

const headerSchema = z.object({
  format: z.literal(FORMAT),
  product: z.literal('curlew'),
  createdAt: z.string(),
  /** the last migration of the database the backup was made of */
  lastMigration: z.string(),
  epoch: z.string(),
});
/** First line of a backup. */
export type BackupHeader = z.infer<typeof headerSchema>;

const tableSchema = z.object({ table: z.string().regex(/^[a-z_]+$/) });
const endSchema = z.object({ end: z.literal(true), rows: z.int() });

/** What follows the header: rows of a table, as JSON objects in text. */
export interface BackupRows {
  readonly table: string;
  readonly rows: readonly string[];
}

/** Writes a backup beside `file` and renames it at the end, so that a file of that name is always whole. */
export async function writeBackup(
  file: string,
  header: Omit<BackupHeader, 'format' | 'product'>,
  chunks: AsyncIterable<BackupRows>,
): Promise<{ readonly rows: number }> {
  const partial = `${file}.partial`;
  let count = 0;
  async function* lines(): AsyncGenerator<string> {
    yield `${JSON.stringify({ format: FORMAT, product: 'curlew', ...header })}\n`;
    let table = '';
    for await (const chunk of chunks) {
      if (chunk.table !== table) yield `${JSON.stringify({ table: (table = chunk.table) })}\n`;
      count += chunk.rows.length;
      if (chunk.rows.length > 0) yield `${chunk.rows.join('\n')}\n`;
    }
    yield `${JSON.stringify({ end: true, rows: count })}\n`;
  }
  try {
    await pipeline(
      Readable.from(lines()),
      createGzip(),
      createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true }),
    );
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return { rows: count };
}

/** A backup being read: its header, then its rows in pieces. */
export interface BackupReader {
  readonly header: BackupHeader;
  readonly chunks: AsyncIterable<BackupRows>;
}

/** Most rows handed over at once. */
const CHUNK_ROWS = 500;

/**
 * Opens a backup.
 * @throws Error when it is not one, or, while reading, when it is cut short
 */
export async function readBackup(file: string): Promise<BackupReader> {
  const stream = createReadStream(file);
  const gunzip = createGunzip();
  stream.on('error', (error) => gunzip.destroy(error));
  const lines = linesOf(stream.pipe(gunzip));
  const first = await lines.next().catch(() => undefined);
  const header = headerSchema.safeParse(parseLine(first?.value));
  if (!header.success) throw new Error(`${file} is not a backup this version of Curlew can read.`);
  return { header: header.data, chunks: readRows(file, lines) };
}

/** Lines ended by `\n` alone: readline also splits at U+2028 and U+2029, which a text may hold. */
async function* linesOf(input: Readable): AsyncGenerator<string, undefined> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of input) {
    const parts = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') yield rest;
  return undefined;
}

async function* readRows(file: string, lines: AsyncIterator<string>): AsyncGenerator<BackupRows> {
  let table = '';
  let rows: string[] = [];
  let count = 0;
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const marker = isMarker(line.value) ? parseLine(line.value) : undefined;
    if (marker === undefined) {
      rows.push(line.value);
      count += 1;
      if (rows.length < CHUNK_ROWS) continue;
    }
    if (rows.length > 0) yield { table, rows };
    rows = [];
    if (marker === undefined) continue;
    const next = tableSchema.safeParse(marker);
    if (next.success) table = next.data.table;
    else if (endSchema.safeParse(marker).data?.rows === count) return;
  }
  throw new Error(`${file} is damaged or cut short; nothing of it was kept.`);
}

/** Rows are objects of many columns; the two kinds of marker begin like no table's first column. */
function isMarker(line: string): boolean {
  return line.startsWith('{"table":') || line.startsWith('{"end":true');
}

function parseLine(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '') as unknown;
  } catch {
    return undefined;
  }
}
