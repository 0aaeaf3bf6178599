/**
 * What this device decided about notifying, by message. Owns that small table of the cache and its bound: the newest
 * {@link KEPT} decisions. It is lost with the cache, and that does no harm.
 */
import type { NotificationOutcome } from '../../ipc/notifications.ts';
import type { DiskGuard } from './disk-guard.ts';
import type { Sqlite } from './sqlite.ts';

/** Decisions kept. */
export const KEPT = 1_000;

/** One decision. `untilMs`: when its reason ends, where that is known. */
export interface NotificationEntry {
  readonly messageId: string;
  readonly outcome: NotificationOutcome;
  readonly untilMs: number | null;
}

/** See the file comment. */
export class NotificationLog {
  readonly #write: (entries: readonly NotificationEntry[], atMs: number) => void;
  readonly #guard: DiskGuard;
  readonly #read;

  constructor(db: Sqlite, guard: DiskGuard) {
    this.#guard = guard;
    const put = db.prepare<[string, string, number | null, number]>(
      `INSERT INTO notification (message_id, outcome, until_ms, at_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (message_id) DO UPDATE SET
         outcome = excluded.outcome, until_ms = excluded.until_ms, at_ms = excluded.at_ms`,
    );
    const trim = db.prepare<[number]>(
      'DELETE FROM notification WHERE n <= (SELECT max(n) FROM notification) - ?',
    );
    this.#read = db.prepare<
      [string],
      { readonly outcome: NotificationOutcome; readonly untilMs: number | null; readonly atMs: number }
    >('SELECT outcome, until_ms AS untilMs, at_ms AS atMs FROM notification WHERE message_id = ?');
    this.#write = db.transaction((entries: readonly NotificationEntry[], atMs: number) => {
      for (const { messageId, outcome, untilMs } of entries) put.run(messageId, outcome, untilMs, atMs);
      trim.run(KEPT);
    });
  }

  /**
   * Keeps decisions; a later one about the same message takes the place of the earlier.
   * @throws StoreError DISK_FULL when there is no room, LOCAL_DATA_DAMAGED when the file is damaged
   */
  note(entries: readonly NotificationEntry[], atMs: number): void {
    if (entries.length > 0) this.#guard.disposable(() => this.#write(entries, atMs));
  }

  /** The decision about a message; undefined when there is none (any more). */
  of(messageId: string): { outcome: NotificationOutcome; untilMs: number | null; atMs: number } | undefined {
    return this.#read.get(messageId);
  }
}
