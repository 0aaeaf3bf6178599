/**
 * Prepared reads of one database. Owns that every query of the views is prepared once, is known by its text (so that a
 * test can check each plan for an index) and counts the rows it returns (so that a test can bound them).
 */
import type { Sqlite } from '../sqlite.ts';

/** A value SQLite can bind. */
export type SqlValue = string | number | null;

/** A query, prepared at its first use. */
export interface Query<Params extends readonly SqlValue[], Row> {
  get(...params: Params): Row | undefined;
  all(...params: Params): readonly Row[];
}

/** Reads of one open database. */
export interface Reader {
  /** Declares a query. `Row` is what the columns are called and hold; the schema vouches for it. */
  query<Params extends readonly SqlValue[], Row>(sql: string): Query<Params, Row>;
  /** Rows returned so far by all queries. */
  rowsRead(): number;
  /** Text of every declared query. */
  statements(): readonly string[];
}

/** Makes a reader. The database stays its owner's: it is never closed here. */
export function createReader(db: Sqlite): Reader {
  const declared: string[] = [];
  let rowsRead = 0;
  return {
    query<Params extends readonly SqlValue[], Row>(sql: string): Query<Params, Row> {
      declared.push(sql);
      const prepare = () => db.prepare<SqlValue[], Row>(sql);
      let statement: ReturnType<typeof prepare> | undefined;
      const prepared = () => (statement ??= prepare());
      return {
        get(...params) {
          const row = prepared().get(...params);
          if (row !== undefined) rowsRead += 1;
          return row;
        },
        all(...params) {
          const rows = prepared().all(...params);
          rowsRead += rows.length;
          return rows;
        },
      };
    },
    rowsRead: () => rowsRead,
    statements: () => declared,
  };
}
