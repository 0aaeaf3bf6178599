/**
 * The index of the texts in cache.db. Owns what of it is indexed and filling the rest in small steps. Promises: a
 * message that is not `pending` and matches a question is among its candidates; a step stays within its time but for a
 * single very long message.
 */
import type { Sqlite } from '../sqlite.ts';
import { tokensOf } from './search-grams.ts';

interface TextRow {
  readonly n: number;
  readonly text: string;
  readonly conversationId: string;
  readonly senderId: string;
  readonly createdAt: number;
}

/** Messages of one step at most; fewer while steps take longer than they may. */
const STEP_ROWS = 64;
/** Steps of inserting after which segments are merged. */
const MERGE_EVERY = 16;
/** Pages merged at a time: about three milliseconds, eight at most. */
const MERGE_PAGES = 24;

const TEXT_COLUMNS =
  'n, text, conversation_id AS conversationId, sender_id AS senderId, created_at AS createdAt';

/** The statements, named so that a test can ask SQLite for their plans. */
export const indexSql = {
  next: `SELECT ${TEXT_COLUMNS} FROM message WHERE n > ? ORDER BY n LIMIT ?`,
  one: `SELECT ${TEXT_COLUMNS} FROM message WHERE n = ?`,
  changes: 'SELECT id, n FROM search_change WHERE id > ? ORDER BY id LIMIT ?',
  lastN: 'SELECT n FROM message ORDER BY n DESC LIMIT 1',
} as const;

/** See the head of this file. */
export class SearchIndex {
  readonly db: Sqlite;
  readonly #nowMs: () => number;
  readonly #sql;
  #upTo: number;
  #changesUpTo: number;
  #shiftMs: number;
  #stepsSinceMerge = 0;
  #stepRows = STEP_ROWS / 4;
  #isMerged = true;

  /** @param nowMs a clock that never goes back, milliseconds */
  constructor(db: Sqlite, cache: Sqlite, nowMs: () => number) {
    this.db = db;
    this.#nowMs = nowMs;
    this.#sql = {
      next: cache.prepare<[number, number], TextRow & { text: string | null }>(indexSql.next),
      one: cache.prepare<[number], TextRow & { text: string | null }>(indexSql.one),
      changes: cache.prepare<[number, number], { id: number; n: number }>(indexSql.changes),
      dropChanges: cache.prepare('DELETE FROM search_change WHERE id <= ?'),
      readMeta: db.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?'),
      writeMeta: db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)'),
      keyOf: db.prepare<[number], { key: number }>('SELECT key FROM doc WHERE n = ?'),
      isTaken: db.prepare<[number], { key: number }>('SELECT key FROM doc WHERE key = ?'),
      addDoc: db.prepare('INSERT INTO doc (key, n) VALUES (?, ?)'),
      dropDoc: db.prepare('DELETE FROM doc WHERE key = ?'),
      addGrams: db.prepare('INSERT INTO gram (rowid, tokens) VALUES (?, ?)'),
      dropGrams: db.prepare('DELETE FROM gram WHERE rowid = ?'),
      merge: db.prepare(`INSERT INTO gram (gram, rank) VALUES ('merge', ${MERGE_PAGES})`),
    };
    this.#changesUpTo = this.#number('changesUpTo');
    this.#shiftMs = this.#number('shiftMs');
    // Rows that the cache lost in a power cut leave their numbers to others.
    const last = cache.prepare<[], { n: number }>(indexSql.lastN).get()?.n ?? 0;
    this.#upTo = Math.min(this.#number('upTo'), last);
  }

  /** Messages with a larger `n` are not indexed yet. */
  get upTo(): number {
    return this.#upTo;
  }

  /** Changes with a larger id are not indexed yet. */
  get changesUpTo(): number {
    return this.#changesUpTo;
  }

  /** How far a key may lie beyond the time of its message. */
  get shiftMs(): number {
    return this.#shiftMs;
  }

  /** Whether nothing is left to index. */
  isCurrent(): boolean {
    const hasChanges = this.#sql.changes.get(this.#changesUpTo, 1) !== undefined;
    return !hasChanges && this.#sql.next.get(this.#upTo, 1) === undefined;
  }

  /**
   * Indexes on for about `budgetMs`.
   * @returns whether more is to do
   */
  step(budgetMs: number): boolean {
    const begin = this.#nowMs();
    const until = begin + budgetMs;
    if (this.#stepsSinceMerge >= MERGE_EVERY) {
      this.#merge();
      return true;
    }
    const changes = this.#sql.changes.all(this.#changesUpTo, this.#stepRows);
    const rows = changes.length > 0 ? [] : this.#sql.next.all(this.#upTo, this.#stepRows);
    if (changes.length === 0 && rows.length === 0) return this.#rest();
    this.#isMerged = false;
    this.#stepsSinceMerge += 1;
    this.db
      .transaction(() => {
        if (changes.length > 0) this.#applyChanges(changes, until);
        else this.#addRows(rows, until);
      })
      .immediate();
    // Most of the work is done at the commit, so the number of rows is what keeps a step short.
    const share = (this.#nowMs() - begin) / budgetMs;
    const next = share > 0.75 ? this.#stepRows * 0.6 : share < 0.5 ? this.#stepRows * 1.25 : this.#stepRows;
    this.#stepRows = Math.min(STEP_ROWS, Math.max(4, Math.round(next)));
    return true;
  }

  #applyChanges(changes: readonly { readonly id: number; readonly n: number }[], until: number): void {
    let upTo = this.#changesUpTo;
    for (const { id, n } of changes) {
      this.#drop(n);
      // What lies beyond is indexed in its turn, with the text it has then.
      const row = n <= this.#upTo ? this.#sql.one.get(n) : undefined;
      if (row) this.#add(row);
      upTo = id;
      if (this.#nowMs() >= until) break;
    }
    this.#sql.writeMeta.run('changesUpTo', String(upTo));
    this.#sql.writeMeta.run('shiftMs', String(this.#shiftMs));
    this.#changesUpTo = upTo;
  }

  #addRows(rows: readonly (Omit<TextRow, 'text'> & { readonly text: string | null })[], until: number): void {
    let upTo = this.#upTo;
    for (const row of rows) {
      this.#drop(row.n);
      this.#add(row);
      upTo = row.n;
      if (this.#nowMs() >= until) break;
    }
    this.#sql.writeMeta.run('upTo', String(upTo));
    this.#sql.writeMeta.run('shiftMs', String(this.#shiftMs));
    this.#upTo = upTo;
  }

  #add(row: Omit<TextRow, 'text'> & { readonly text: string | null }): void {
    if (row.text === null) return;
    let key = row.createdAt;
    while (this.#sql.isTaken.get(key)) key += 1;
    this.#shiftMs = Math.max(this.#shiftMs, key - row.createdAt);
    this.#sql.addDoc.run(key, row.n);
    this.#sql.addGrams.run(key, tokensOf({ ...row, text: row.text }));
  }

  #drop(n: number): void {
    const key = this.#sql.keyOf.get(n)?.key;
    if (key === undefined) return;
    this.#sql.dropGrams.run(key);
    this.#sql.dropDoc.run(key);
  }

  /** Merges a little; what is left waits for the next step. */
  #merge(): void {
    const before = this.#totalChanges();
    this.#sql.merge.run();
    // Fewer than two rows written: there was nothing left to merge.
    if (this.#totalChanges() - before >= 2) return;
    this.#stepsSinceMerge = 0;
    this.#isMerged = true;
  }

  /** Nothing to index: what is left to merge, then the note of changes is emptied once it is safely on disk. */
  #rest(): boolean {
    if (!this.#isMerged) {
      this.#merge();
      return true;
    }
    if (this.#sql.changes.get(0, 1) === undefined) return false;
    // The checkpoint makes the index durable; only then may the cache forget what changed.
    this.db.pragma('wal_checkpoint(TRUNCATE)');
    this.#sql.dropChanges.run(this.#changesUpTo);
    return false;
  }

  #totalChanges(): number {
    return this.db.prepare<[], { n: number }>('SELECT total_changes() AS n').get()?.n ?? 0;
  }

  #number(name: string): number {
    return Number(this.#sql.readMeta.get(name)?.value ?? 0);
  }
}
