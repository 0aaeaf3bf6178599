/** Writes Chromium's form of a dictionary where Chromium looks for it, unless the one there is of the same files. */
import { mkdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Result } from '@curlew/shared/lib/result.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { BdicRefusal } from './bdic.ts';
import { toBdic } from './bdic.ts';

/** What is to be made of what. */
export interface DictionaryJob {
  readonly affFile: string;
  readonly dicFile: string;
  readonly target: string;
}

/** Makes it; the time of the newest source is the time of the file, which is how a later start knows it. */
export async function makeDictionary(job: DictionaryJob): Promise<Result<void, BdicRefusal | 'unreadable'>> {
  try {
    const sources = await Promise.all([stat(job.affFile), stat(job.dicFile)]);
    const newestS = Math.floor(Math.max(...sources.map(({ mtimeMs }) => mtimeMs)) / 1000);
    const made = await stat(job.target).catch(() => null);
    if (made && Math.floor(made.mtimeMs / 1000) === newestS) return ok(undefined);
    const bdic = toBdic(await readFile(job.affFile), await readFile(job.dicFile));
    if (!bdic.ok) return bdic;
    await mkdir(path.dirname(job.target), { recursive: true });
    const beside = `${job.target}.new`;
    await writeFile(beside, bdic.value);
    await utimes(beside, newestS, newestS);
    await rename(beside, job.target);
    return ok(undefined);
  } catch {
    return err('unreadable');
  }
}
