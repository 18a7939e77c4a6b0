import type { PoolClient } from 'pg';
import { openPool, type PoolOptions } from '../postgres/connection/pool.ts';
import { encodeValue, jsonb } from '../postgres/connection/values.ts';
import type { Column, ColumnKind, MovingDatabase, Row, Session, Value } from './moving-database.ts';

/** Counting all rows of a table takes its time, in milliseconds. */
const statementTimeout = 60 * 60_000;
const kinds: Readonly<Record<string, ColumnKind>> = {
  bigint: 'integer',
  boolean: 'boolean',
  text: 'text',
  json: 'json',
  jsonb: 'jsonb',
  bytea: 'bytes',
  'double precision': 'real',
};
/** How each kind arrives, and what is made of it. */
const arrays: Readonly<Record<ColumnKind, readonly [type: string, cast: string]>> = {
  integer: ['bigint[]', ''],
  boolean: ['bigint[]', '::int::boolean'],
  text: ['text[]', ''],
  json: ['text[]', '::json'],
  jsonb: ['text[]', '::jsonb'],
  bytes: ['bytea[]', ''],
  real: ['float8[]', ''],
};
const columnsOfAll = `SELECT table_name AS "table", column_name AS name, data_type AS type FROM information_schema.columns
  JOIN information_schema.tables USING (table_schema, table_name)
  WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND column_name <> 'stripe' ORDER BY 1, ordinal_position`;

/** Opens a database in PostgreSQL, which must have this version's schema. */
export async function openPostgresForMoving(options: PoolOptions): Promise<MovingDatabase> {
  const pool = await openPool({ ...options, statementTimeout });
  const within = async <Result>(begin: string, work: (session: Session) => Promise<Result>): Promise<Result> => {
    const client = await pool.connect();
    let broken = true;
    try {
      await client.query(`${begin}; SET LOCAL idle_in_transaction_session_timeout = 0`);
      const result = await work(sessionOf(client));
      await client.query('COMMIT');
      broken = false;
      return result;
    } finally {
      // A connection that is closed takes its transaction back.
      client.release(broken);
    }
  };
  const read: MovingDatabase['read'] = (work) => within('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY', work);
  return {
    dialect: 'postgres',
    async columns() {
      const rows = await read((session) => session.query<{ table: string; name: string; type: string }>(columnsOfAll));
      return new Map(
        [...Map.groupBy(rows, ({ table }) => table)].map(([table, found]): [string, Column[]] => [
          table,
          found.map(({ name, type }) => ({ name, kind: kinds[type] ?? 'text' })),
        ]),
      );
    },
    read,
    write: (work) => within('BEGIN', work),
    tableOf: (name) =>
      name === 'activity' ? '(SELECT day, event_type, sum(n)::bigint AS n FROM activity GROUP BY 1, 2) activity' : name,
    expressionOf({ name, kind }) {
      if (kind === 'json' || kind === 'jsonb') return `${name}::text AS ${name}`;
      return kind === 'boolean' ? `${name}::int AS ${name}` : name;
    },
    async insert(session, table, columns, rows) {
      const names = columns.map(({ name }) => name).join();
      const values = columns.map(({ name, kind }) => `${name}${arrays[kind][1]}`).join();
      const given = columns.map(({ kind }, at) => `$${at + 1}::${arrays[kind][0]}`).join();
      const text = `INSERT INTO ${table} (${names}) SELECT ${values} FROM unnest(${given}) AS x(${names})`;
      await session.query(text, columns.map((column) => rows.map((row) => written(row, column))) as never);
    },
    async pauseTriggers(session, tables) {
      for (const table of tables) await session.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    },
    async resumeTriggers(session, tables) {
      for (const table of tables) await session.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    },
    async lastId(session, table, column) {
      const text = `SELECT coalesce((SELECT last_value FROM pg_sequences WHERE format('%I.%I', schemaname, sequencename) =
        pg_get_serial_sequence('${table}', '${column}')), 0) AS last`;
      return (await session.query<{ last: number }>(text))[0]?.last ?? 0;
    },
    async setLastId(session, { table, column, last }) {
      const sequence = `pg_get_serial_sequence('${table}', '${column}')`;
      await session.query(`SELECT setval(${sequence}, $1::bigint, $2::bigint > 0)`, [Math.max(last, 1), last]);
    },
    close: () => pool.end(),
  };
}

function sessionOf(client: PoolClient): Session {
  return {
    async query<Found>(text: string, values: readonly Value[] = []) {
      return (await client.query(text, values.map(encodeValue))).rows as Found[];
    },
  };
}

function written(row: Row, { name, kind }: Column): Value {
  const value = row[name] ?? null;
  if (value instanceof Uint8Array) return Buffer.from(value);
  return kind === 'jsonb' && typeof value === 'string' ? jsonb(JSON.parse(value)) : value;
}
