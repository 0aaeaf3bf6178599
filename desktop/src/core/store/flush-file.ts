/** Waiting until a file, or the names in a folder, are on the disk and not only in its cache. */
import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Waits for the contents of a file. */
export function flushFile(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Waits for what was renamed in a folder. Windows cannot open one; there the file system's journal has to do. */
export function flushFolder(path: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
