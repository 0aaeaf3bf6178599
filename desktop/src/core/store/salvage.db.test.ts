/**
 * Salvaging outbox.db when the salvage itself goes wrong: the process dies at any step of it, the disk is full, an earlier
 * try left half a file. Whatever happens, the next start ends with everything that could be read, and the last copy stays.
 */
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AccountFixture } from '../testing/account-fixture.ts';
import { damage } from '../testing/damage.ts';
import { CONVERSATION, id, sendOp } from '../testing/logs.ts';
import { openOutbox } from './open-outbox.ts';
import { OUTBOX_MIGRATIONS } from './outbox-schema.ts';

const COPIED = 10;
const COMPOSED = 40;
const PAGE_BYTES = 4096;

const faults = vi.hoisted(() => ({
  stepsLeft: Number.POSITIVE_INFINITY,
  maxPages: undefined as number | undefined,
}));

// A process that died does nothing more: from the chosen step on every change of the disk fails.
vi.mock('node:fs', async (load) => {
  const real = await load<typeof import('node:fs')>();
  const dying =
    <A extends unknown[], R>(change: (...args: A) => R) =>
    (...args: A): R => {
      faults.stepsLeft -= 1;
      if (faults.stepsLeft < 0) throw new Error('the process died');
      return change(...args);
    };
  return {
    ...real,
    renameSync: dying(real.renameSync),
    rmSync: dying(real.rmSync),
    fsyncSync: dying(real.fsyncSync),
  };
});
vi.mock('./sqlite.ts', async (load) => {
  const real = await load<typeof import('./sqlite.ts')>();
  return {
    ...real,
    openSqlite: (path: string, options: Parameters<typeof real.openSqlite>[1]) =>
      real.openSqlite(path, path.endsWith('.salvage') ? { ...options, maxPages: faults.maxPages } : options),
  };
});

/** An account with a copy of its first ops and more composed since; one page in the middle is damaged. */
const base = new AccountFixture();
let account: AccountFixture;
let salvageable: readonly string[] = [];

const textsOf = (of: AccountFixture): readonly string[] =>
  of.stores.outbox.items().flatMap(({ op }) => (op.kind === 'message.send' ? [op.text] : []));
const kinds = (): readonly string[] => account.stores.notices().map((notice) => notice.kind);
const opsIn = (path: string): number => {
  const db = new Database(path, { readonly: true });
  const { count } = db.prepare<[], { count: number }>('SELECT count(*) AS count FROM op').get() ?? {
    count: 0,
  };
  db.close();
  return count;
};

beforeAll(() => {
  for (let n = 0; n < COMPOSED; n += 1) {
    if (n === COPIED) base.restart();
    base.stores.outbox.enqueue(sendOp(id(100 + n), `text ${n} ${'x'.repeat(2_000)}`), base.clock.nowMs());
  }
  base.stores.outbox.saveDraft(CONVERSATION, { text: 'draft', replyTo: null });
  base.stores.outboxDb.pragma('wal_checkpoint(TRUNCATE)');
  base.kill();
  damage(base.path('outbox.db'), { from: 20 * PAGE_BYTES, bytes: PAGE_BYTES });
  const trial = copyOf(base);
  salvageable = textsOf(trial);
  trial.remove();
});
afterAll(() => base.remove());
beforeEach(() => {
  account = copyOf(base);
});
afterEach(() => {
  faults.stepsLeft = Number.POSITIVE_INFINITY;
  faults.maxPages = undefined;
  account.remove();
});

function copyOf(from: AccountFixture): AccountFixture {
  const copy = new AccountFixture();
  cpSync(from.dir, copy.dir, { recursive: true });
  return copy;
}

describe('a salvage', () => {
  it('that ends at any step is taken up by the next start, which loses nothing and says so', () => {
    expect(salvageable.length).toBeGreaterThan(COMPOSED / 2);
    let step = 0;
    for (let hasEnded = false; !hasEnded; step += 1) {
      faults.stepsLeft = step;
      try {
        account.open();
        hasEnded = true;
      } catch (error) {
        expect(error).toMatchObject({ message: 'the process died' });
      }
      faults.stepsLeft = Number.POSITIVE_INFINITY;
      if (!hasEnded) {
        expect(opsIn(account.path('outbox.db.copy'))).toBe(COPIED);
        account.open();
      }
      expect(textsOf(account)).toEqual(salvageable);
      expect(kinds()).toEqual(['outboxSalvaged']);
      expect(readdirSync(account.dir).filter((name) => /damaged-[\d-]+$/u.test(name))).toHaveLength(1);
      expect(existsSync(account.path('outbox.db.salvage'))).toBe(false);
      account.restart();
      expect(textsOf(account)).toEqual(salvageable);
      expect(kinds()).toEqual([]);
      account.remove();
      account = copyOf(base);
    }
    expect(step).toBeGreaterThan(8);
  });

  it('does not go on with the half-filled file of an earlier try', () => {
    account.open();
    account.kill();
    cpSync(account.path('outbox.db'), account.path('outbox.db.salvage'));
    const half = new Database(account.path('outbox.db.salvage'));
    half.exec('DELETE FROM op WHERE n > 3');
    half.close();
    cpSync(base.path('outbox.db'), account.path('outbox.db'));
    account.open();
    expect(textsOf(account)).toEqual(salvageable);
  });

  it('without room fails visibly, leaves the damaged file and the copy as they are, and works with room', () => {
    const before = readFileSync(account.path('outbox.db'));
    faults.maxPages = 20;
    expect(() => account.open()).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    expect(readFileSync(account.path('outbox.db')).equals(before)).toBe(true);
    expect(opsIn(account.path('outbox.db.copy'))).toBe(COPIED);
    expect(readdirSync(account.dir).filter((name) => name.includes('salvage'))).toEqual([]);
    faults.maxPages = undefined;
    account.open();
    expect(textsOf(account)).toEqual(salvageable);
  });
});

describe('a file that is no database any more', () => {
  it.each([
    ['a header of zeros', (path: string) => overwrite(path, 0, Buffer.alloc(100))],
    ['a header of noise', (path: string) => damage(path, { from: 0, bytes: 100 })],
    ['an unknown format version', (path: string) => overwrite(path, 18, Buffer.from([9, 9]))],
    ['an unknown write version', (path: string) => overwrite(path, 18, Buffer.from([9]))],
    ['no schema version', (path: string) => overwrite(path, 60, Buffer.alloc(4))],
    ['cut off within its header', (path: string) => truncateSync(path, 50)],
    ['cut off at nothing', (path: string) => truncateSync(path, 0)],
    ['gone', (path: string) => rmSync(path)],
  ])('(%s) comes back from what can be read or from the copy; the copy is not overwritten', (_what, hurt) => {
    hurt(account.path('outbox.db'));
    account.open();
    expect(kinds()).toHaveLength(1);
    expect(kinds()[0]).toMatch(/^outbox(?:Salvaged|FromCopy)$/u);
    expect(textsOf(account).length).toBeGreaterThanOrEqual(COPIED);
    account.restart();
    expect(textsOf(account).length).toBeGreaterThanOrEqual(COPIED);
    expect(opsIn(account.path('outbox.db.copy'))).toBeGreaterThanOrEqual(COPIED);
  });

  it('of which nothing is readable says that it is the copy', () => {
    overwrite(account.path('outbox.db'), 0, Buffer.alloc(100));
    account.open();
    expect(kinds()).toEqual(['outboxFromCopy']);
    const items = account.stores.outbox.items();
    expect(items.map((item) => item.state)).toEqual(Array.from({ length: COPIED }, () => 'PARKED'));
  });
});

it('a file that cannot be migrated is closed again, so that the next try is not kept out by this one', () => {
  const path = account.path('other.db');
  openOutbox(path, 0).db.close();
  expect(() => openOutbox(path, 0, [...OUTBOX_MIGRATIONS, 'no SQL'])).toThrow('syntax');
  openOutbox(path, 0).db.close();
});

function overwrite(path: string, at: number, bytes: Buffer): void {
  const whole = readFileSync(path);
  bytes.copy(whole, at);
  writeFileSync(path, whole);
}
