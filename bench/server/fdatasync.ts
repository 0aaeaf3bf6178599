/** The limit for latency: one small write and fdatasync on the disk the database lives on. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { percentile } from '../rows.ts';

/** Median time of one write + fdatasync in `folder`, in ms, over `count` samples. */
export function fdatasyncMedianMs(folder: string, count = 400): number {
  const dir = mkdtempSync(join(folder, 'fdatasync-'));
  const file = openSync(join(dir, 'probe'), 'w');
  const block = Buffer.alloc(512, 7);
  const samples: number[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const start = performance.now();
      writeSync(file, block);
      fdatasyncSync(file);
      samples.push(performance.now() - start);
    }
  } finally {
    closeSync(file);
    rmSync(dir, { recursive: true });
  }
  return percentile(samples, 0.5);
}
