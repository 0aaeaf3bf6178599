/**
 * A small JSON file that survives a crash: written whole to a neighbour and renamed over the old one. Owns the order
 * of writes; a reader sees one of the versions, never a torn one.
 */
import { readFileSync } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';

/** A JSON file of one schema. */
export interface JsonFile<T> {
  /** The last value given to {@link JsonFile.save}, or the one read at start. */
  readonly value: T;
  /** Replaces the value at once and writes it; calls made while a write runs are joined into the next one. */
  save(value: T): Promise<void>;
  /** Resolves when everything saved so far is on disk. */
  flush(): Promise<void>;
}

/**
 * Opens the file. Reading is synchronous, because the first window's colours depend on it; the files are tiny.
 * @param fallback value when the file is missing or not valid any more
 */
export function openJsonFile<T>(file: string, schema: z.ZodType<T>, fallback: T): JsonFile<T> {
  let value = read(file, schema) ?? fallback;
  let isDirty = false;
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    while (isDirty) {
      isDirty = false;
      await writeAtomically(file, JSON.stringify(value, undefined, 2));
    }
  }

  return {
    get value() {
      return value;
    },
    save(next) {
      value = next;
      isDirty = true;
      writing ??= writeAll().finally(() => {
        writing = undefined;
      });
      return writing;
    },
    async flush() {
      await writing;
    },
  };
}

function read<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    // Missing at the first start, or not JSON: either way the fallback is right, and the next save repairs the file.
    return undefined;
  }
}

async function writeAtomically(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.new`;
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}
