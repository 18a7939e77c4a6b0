import { join } from 'node:path';
import { createDatabase, requirePostgres, sharedPostgres, tempDirectory } from '@mcr/testkit';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { SqliteMetadataStore } from '../sqlite/sqlite-metadata-store.ts';
import { migrate } from './migrate.ts';

/** What two dialects can have in common of a schema. */
interface Schema {
  /** As `table.column type`, with `null` where that is allowed. */
  readonly columns: readonly string[];
  /** As `table (columns)`. */
  readonly unique: readonly string[];
  /** As `table.column -> table.column, what deleting does`. */
  readonly references: readonly string[];
}

/** What only PostgreSQL has: sums are of many rows there, which processes write without waiting for each other. */
const onlyPostgres = /^figure_changes\b|\.stripe\b/;
/** How each dialect keeps track of its own steps. */
const bookkeeping = /^schema_migrations\b/;

describe.skipIf(!requirePostgres(15))('the schemas of both dialects', () => {
  test('have the same tables, columns, keys and references', { timeout: 120_000 }, async () => {
    const [sqlite, postgres] = [await sqliteSchema(), await postgresSchema()];
    expect(postgres.columns.length).toBeGreaterThan(100);
    expect(postgres).toEqual(sqlite);
  });
});

function schemaOf(columns: readonly string[], unique: readonly string[], references: readonly string[]): Schema {
  const shared = (lines: readonly string[]) =>
    [...new Set(lines)].filter((line) => !bookkeeping.test(line) && !onlyPostgres.test(line)).toSorted();
  return { columns: shared(columns), unique: shared(unique), references: shared(references) };
}

async function sqliteSchema(): Promise<Schema> {
  await using directory = await tempDirectory();
  const path = join(directory.path, 'mcr.db');
  const store = await SqliteMetadataStore.open({ path });
  await store.close();
  const sqlite = new Sqlite(path, { readonly: true });
  try {
    const lines = (text: string) => sqlite.prepare<[], string>(text).pluck().all();
    return schemaOf(
      lines(`SELECT t.name || '.' || c.name || ' ' || CASE c.type WHEN 'INTEGER' THEN 'integer' WHEN 'REAL' THEN 'real'
        WHEN 'TEXT' THEN 'text' WHEN 'BLOB' THEN 'bytes' END || CASE WHEN c."notnull" = 0 AND c.pk = 0 THEN ' null' ELSE '' END
      FROM pragma_table_list t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`),
      lines(`SELECT t.name || ' (' || (SELECT group_concat(i.name, ', ' ORDER BY i.name) FROM pragma_index_info(l.name) i) || ')'
        FROM pragma_table_list t JOIN pragma_index_list(t.name) l WHERE l."unique" = 1 AND t.name NOT LIKE 'sqlite_%'
      UNION SELECT t.name || ' (' || (SELECT group_concat(c.name, ', ' ORDER BY c.name) FROM pragma_table_info(t.name) c
        WHERE c.pk > 0) || ')' FROM pragma_table_list t WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'`),
      lines(`SELECT t.name || '.' || f."from" || ' -> ' || f."table" || '.' || f."to" || ', ' || lower(f.on_delete)
      FROM pragma_table_list t JOIN pragma_foreign_key_list(t.name) f`),
    );
  } finally {
    sqlite.close();
  }
}

const columns = `SELECT format('%s.%s %s%s', table_name, column_name, CASE data_type WHEN 'bigint' THEN 'integer'
    WHEN 'boolean' THEN 'integer' WHEN 'double precision' THEN 'real' WHEN 'bytea' THEN 'bytes'
    WHEN 'text' THEN 'text' WHEN 'json' THEN 'text' WHEN 'jsonb' THEN 'text' ELSE data_type END,
    CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' END) AS line
  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
  WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
/** A row of what is a sum is told from the others by its stripe. */
const unique = `SELECT format('%s (%s)', i.indrelid::regclass, string_agg(a.attname, ', ' ORDER BY a.attname COLLATE "C")) AS line
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) AND a.attname <> 'stripe'
  WHERE i.indisunique GROUP BY i.indexrelid, i.indrelid`;
const references = `SELECT format('%s.%s -> %s.%s, %s', f.conrelid::regclass, a.attname, f.confrelid::regclass, b.attname,
    CASE f.confdeltype WHEN 'c' THEN 'cascade' WHEN 'r' THEN 'restrict' WHEN 'n' THEN 'set null' ELSE 'no action' END) AS line
  FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
    JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[1] WHERE f.contype = 'f'`;

async function postgresSchema(): Promise<Schema> {
  await using database = await createDatabase(await sharedPostgres(15));
  await migrate(database);
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    const lines = async (text: string) => (await client.query<{ line: string }>(text)).rows.map(({ line }) => line);
    return schemaOf(await lines(columns), await lines(unique), await lines(references));
  } finally {
    await client.end();
  }
}
