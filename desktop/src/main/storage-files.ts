/** What the files of this profile take. Owns which file belongs to which part; asks the disk without holding anything up. */
import { readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { storageParts, type StoragePart } from '../ipc/storage.ts';

/** Files asked for at a time; the thread pool has four threads, which other work needs too. */
const AT_ONCE = 8;

/** The part a file belongs to, by its place in the profile's folder. */
export function partOf(relative: string): StoragePart {
  const places = relative.split(path.sep);
  // Further accounts have a folder that looks like the first one's inside.
  const [folder = '', , file = ''] = places[0] === 'more-accounts' ? places.slice(2) : places;
  if (folder === 'logs') return 'logs';
  if (folder !== 'accounts') return 'app';
  if (file.startsWith('cache.db')) return 'messages';
  return file.startsWith('search.db') ? 'search' : 'outbox';
}

/** Bytes by part, and what the disk has left. A file that goes meanwhile counts nothing. */
export async function measureFiles(folder: string): Promise<{
  readonly parts: Record<StoragePart, number>;
  readonly freeBytes: number | null;
}> {
  const parts = Object.fromEntries(storageParts.map((part) => [part, 0])) as Record<StoragePart, number>;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE);
    const sizes = await Promise.all(
      some.map((file) =>
        stat(file).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    some.forEach((file, index) => (parts[partOf(path.relative(folder, file))] += sizes[index] ?? 0));
  }
  const disk = await statfs(folder).catch(() => null);
  return { parts, freeBytes: disk && disk.bavail * disk.bsize };
}
