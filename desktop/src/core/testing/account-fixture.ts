/**
 * An account on a real disk, for tests: its folder, a clock that only moves when told, and opening and closing it as a
 * process would. Owns no expectations.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAccount, type OpenAccountOptions } from '../open-account.ts';
import type { Random } from '../ports.ts';
import type { AccountStores, ChangedKey } from '../store/store-types.ts';
import { ME, SERVER_URL } from './logs.ts';

/** A wall clock and monotonic clock in one, in ms. */
export class ManualClock {
  #now = 1_800_000_000_000;

  nowMs(): number {
    return this.#now;
  }

  monotonicMs(): number {
    return this.#now;
  }

  advance(byMs: number): void {
    this.#now += byMs;
  }
}

/** Repeatable randomness (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { unit, bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(unit() * 256)) };
}

/** See the file comment. */
export class AccountFixture {
  readonly dir = mkdtempSync(join(tmpdir(), 'curlew-account-'));
  readonly clock = new ManualClock();
  /** Keys announced since the last look. */
  readonly changed = new Set<ChangedKey>();
  readonly #random = seededRandom(1);
  #stores: AccountStores | undefined;

  /** Opens the account, or gives the open one. */
  get stores(): AccountStores {
    return (this.#stores ??= this.open());
  }

  /** Opens the files once more, whoever has them open. */
  open(options: Partial<OpenAccountOptions> = {}): AccountStores {
    const stores = openAccount({
      dir: this.dir,
      serverUrl: SERVER_URL,
      userId: ME,
      clock: this.clock,
      random: this.#random,
      log: () => undefined,
      schedule: (run) => run(),
      freeBytes: () => 2 ** 40,
      ...options,
    });
    stores.changes.onChange((keys) => keys.forEach((key) => this.changed.add(key)));
    this.#stores = stores;
    return stores;
  }

  /** Ends the process cleanly. */
  close(): void {
    this.#stores?.close();
    this.#stores = undefined;
  }

  /** Ends the process as kill -9 would: no clean-exit mark, nothing checkpointed by us. */
  kill(): void {
    this.#stores?.cacheDb.close();
    this.#stores?.outboxDb.close();
    this.#stores = undefined;
  }

  /** Closes and opens again. */
  restart(options?: Partial<OpenAccountOptions>): AccountStores {
    this.close();
    return this.open(options);
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  remove(): void {
    this.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
