/**
 * What happens when the disk is full. Owns the ballast: a file of 8 MB that is deleted at the first SQLITE_FULL, because
 * a full WAL database can free nothing from inside. From then on caching stops and what a person composes still fits.
 */
import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../ports.ts';
import { isDamaged, isDiskFull, StoreError } from './store-error.ts';

/** Room kept back for what a person writes after the disk is full: thousands of messages. */
export const BALLAST_BYTES = 8 * 1024 * 1024;
/** Free space at which caching goes on: the ballast again, and as much beside it. */
const RESUME_FREE_BYTES = 4 * BALLAST_BYTES;
/** How often a stopped cache looks whether there is room again. */
const RESUME_CHECK_MS = 30_000;

/** What the guard needs. */
export interface DiskGuardOptions {
  readonly ballastPath: string;
  readonly clock: Clock;
  /** Free bytes of the disk that holds the ballast; replaced in tests. */
  readonly freeBytes?: (() => number) | undefined;
  /** The disk became full, or has room again. */
  readonly changed: (isFull: boolean) => void;
}

/** Wraps every write of one account. */
export class DiskGuard {
  readonly #options: DiskGuardOptions;
  readonly #freeBytes: () => number;
  #isFull = false;
  #isDamaged = false;
  #nextCheckMs = 0;

  constructor(options: DiskGuardOptions) {
    this.#options = options;
    this.#freeBytes = options.freeBytes ?? (() => freeBytesOf(dirname(options.ballastPath)));
    this.#layBallast();
  }

  /** Whether caching has stopped. */
  isFull(): boolean {
    return this.#isFull;
  }

  /** Whether a write of the cache met damage: the next start has to check the file. */
  isDamaged(): boolean {
    return this.#isDamaged;
  }

  /**
   * Runs a write that matters to a person: once more after the ballast made room.
   * @throws StoreError DISK_FULL when there is no room even so
   */
  precious<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      this.#becomeFull();
    }
    try {
      return write();
    } catch (error) {
      throw isDiskFull(error) ? diskFull(error) : error;
    }
  }

  /**
   * Runs a write of the cache, unless caching has stopped.
   * @throws StoreError DISK_FULL when there is no room, LOCAL_DATA_DAMAGED when the file is damaged; nothing was stored
   */
  disposable<T>(write: () => T): T {
    if (this.#isFull && !this.#hasRoomAgain()) throw diskFull(undefined);
    try {
      return write();
    } catch (error) {
      if (isDamaged(error)) {
        this.#isDamaged = true;
        throw new StoreError('LOCAL_DATA_DAMAGED', 'the cache is damaged', { cause: error });
      }
      if (!isDiskFull(error)) throw error;
      this.#becomeFull();
      throw diskFull(error);
    }
  }

  #becomeFull(): void {
    rmSync(this.#options.ballastPath, { force: true });
    if (this.#isFull) return;
    this.#isFull = true;
    this.#nextCheckMs = this.#options.clock.monotonicMs() + RESUME_CHECK_MS;
    this.#options.changed(true);
  }

  #hasRoomAgain(): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs < this.#nextCheckMs) return false;
    this.#nextCheckMs = nowMs + RESUME_CHECK_MS;
    if (this.#freeBytes() < RESUME_FREE_BYTES || !this.#layBallast()) return false;
    this.#isFull = false;
    this.#options.changed(false);
    return true;
  }

  #layBallast(): boolean {
    const { ballastPath } = this.#options;
    if (existsSync(ballastPath) && statSync(ballastPath).size === BALLAST_BYTES) return true;
    if (this.#freeBytes() < RESUME_FREE_BYTES) return false;
    try {
      const handle = openSync(ballastPath, 'w', 0o600);
      try {
        // Written, not truncated to size: a sparse file would hold no room.
        const block = Buffer.alloc(1024 * 1024, 0xa5);
        for (let written = 0; written < BALLAST_BYTES; written += block.length) writeSync(handle, block);
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      return true;
    } catch {
      // No room for the ballast itself: the app works without it, and the first full write says so.
      rmSync(ballastPath, { force: true });
      return false;
    }
  }
}

function diskFull(cause: unknown): StoreError {
  return new StoreError('DISK_FULL', 'no room on the disk', { cause });
}

function freeBytesOf(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}
