/** Counts what the views read. Owns the wrapping of a database by which tests bound rows and check plans. */
import type { Sqlite } from '../../sqlite.ts';

/** Queries of a database and the rows they returned. */
export interface NotedReads {
  readonly statements: Set<string>;
  rows: number;
}

/** Nothing read yet. */
export function emptyReads(): NotedReads {
  return { statements: new Set(), rows: 0 };
}

/** The same database, whose prepared queries count what they return. */
export function noteReads(db: Sqlite, reads: NotedReads): Sqlite {
  return new Proxy(db, {
    get(target, name) {
      if (name !== 'prepare') return Reflect.get(target, name);
      return (sql: string) => {
        reads.statements.add(sql);
        return new Proxy(target.prepare(sql), {
          get(statement, method) {
            if (method === 'get') {
              return (...params: unknown[]) => {
                const row = statement.get(...params);
                if (row !== undefined) reads.rows += 1;
                return row;
              };
            }
            return (...params: unknown[]) => {
              const rows = statement.all(...params);
              reads.rows += rows.length;
              return rows;
            };
          },
        });
      };
    },
  });
}
