/** Hurting files for tests, repeatably. */
import { closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';

/** Overwrites a part of a file with noise, or cuts it off. */
export function damage(
  path: string,
  how: { readonly from: number; readonly bytes: number } | { readonly keepBytes: number },
): void {
  if ('keepBytes' in how) {
    truncateSync(path, how.keepBytes);
    return;
  }
  const handle = openSync(path, 'r+');
  const bytes = Math.min(how.bytes, statSync(path).size - how.from);
  const noise = Buffer.from(Array.from({ length: bytes }, (_, at) => (at * 151 + 7) % 256));
  writeSync(handle, noise, 0, bytes, how.from);
  closeSync(handle);
}
