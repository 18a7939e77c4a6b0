import Sqlite from 'better-sqlite3';
import { resolveDatabasePath } from '../sqlite/connection/database-path.ts';
import { busyTimeout } from '../sqlite/connection/open-connection.ts';
import type { Column, ColumnKind, MovingDatabase, Row, Session, Value } from './moving-database.ts';

const kinds: Readonly<Record<string, ColumnKind>> = { INTEGER: 'integer', TEXT: 'text', BLOB: 'bytes', REAL: 'real' };
const columnsOfAll = `SELECT t.name AS "table", c.name, c.type FROM pragma_table_list t JOIN pragma_table_info(t.name) c
  WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid`;

/** Opens a database in SQLite, which must be there in this version's schema; a source is opened for reading only. */
export function openSqliteForMoving(path: string, { readonly }: { readonly readonly: boolean }): MovingDatabase {
  const sqlite = new Sqlite(resolveDatabasePath(path), { readonly, fileMustExist: true, timeout: busyTimeout });
  // A commit is durable, so that a migration that is killed goes on from there.
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  const session: Session = {
    async query<Found>(text: string, values: readonly Value[] = []) {
      const statement = sqlite.prepare(text.replaceAll(/\$\d+/g, '?'));
      if (statement.reader) return statement.all(...values) as Found[];
      statement.run(...values);
      return [];
    },
  };
  const triggers: string[] = [];
  // One transaction at a time; those who ask meanwhile wait.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(begin: string, work: (session: Session) => Promise<Result>): Promise<Result> => {
    const result = last.then(() => within(sqlite, begin, () => work(session)));
    last = result.catch(() => {});
    return result;
  };
  return {
    dialect: 'sqlite',
    async columns() {
      const rows = sqlite.prepare<[], { table: string; name: string; type: string }>(columnsOfAll).all();
      const columns = Map.groupBy(rows, ({ table }) => table);
      return new Map(
        [...columns].map(([table, found]): [string, Column[]] => [
          table,
          found.map(({ name, type }) => ({ name, kind: kinds[type] ?? 'text' })),
        ]),
      );
    },
    read: (work) => inTurn('BEGIN', work),
    write: (work) => inTurn('BEGIN IMMEDIATE', work),
    tableOf: (name) => name,
    expressionOf: ({ name }) => name,
    async insert(_, table, columns, rows) {
      const names = columns.map(({ name }) => name);
      const insert = sqlite.prepare(`INSERT INTO ${table} (${names.join()}) VALUES (${names.map(() => '?').join()})`);
      for (const row of rows) insert.run(...columns.map((column) => written(row, column)));
    },
    async pauseTriggers(_, tables) {
      const found = sqlite
        .prepare<[], { name: string; tbl_name: string; sql: string }>(
          "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'",
        )
        .all()
        .filter(({ tbl_name: table }) => tables.includes(table));
      triggers.length = 0;
      for (const { name, sql } of found) {
        triggers.push(sql);
        sqlite.exec(`DROP TRIGGER ${name}`);
      }
    },
    async resumeTriggers() {
      for (const sql of triggers.splice(0)) sqlite.exec(sql);
    },
    async lastId(_, table, column) {
      const given = sqlite.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').pluck().get(table);
      return Number(given ?? sqlite.prepare(`SELECT coalesce(max(${column}), 0) FROM ${table}`).pluck().get());
    },
    async setLastId(_, { table, last }) {
      const sql = sqlite.prepare("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?").pluck().get(table);
      if (!/\bAUTOINCREMENT\b/i.test(String(sql)) || last === 0) return;
      sqlite.prepare('DELETE FROM sqlite_sequence WHERE name = ?').run(table);
      sqlite.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, last);
    },
    async close() {
      sqlite.close();
    },
  };
}

async function within<Result>(sqlite: Sqlite.Database, begin: string, work: () => Promise<Result>): Promise<Result> {
  sqlite.exec(begin);
  try {
    const result = await work();
    sqlite.exec('COMMIT');
    return result;
  } finally {
    if (sqlite.inTransaction) sqlite.exec('ROLLBACK');
  }
}

/** PostgreSQL writes spaces into `jsonb`. */
function written(row: Row, { name, kind }: Column): Value {
  const value = row[name] ?? null;
  return kind === 'jsonb' && typeof value === 'string' ? JSON.stringify(JSON.parse(value)) : value;
}
