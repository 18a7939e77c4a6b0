import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { PostgresVersion } from './installations.ts';
import { type PostgresServer, startPostgres } from './server.ts';

/** A database that no other test uses; disposing of it ends the sessions that are left. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
}

/** Test files share processes but no modules, hence a name that leads to the servers of the process. */
const servers = Symbol.for('mcr.testkit.postgres');

/** The server of this process for a version, which is started when it is first asked for, and ends with the process. */
export function sharedPostgres(version: PostgresVersion): Promise<PostgresServer> {
  const started = ((globalThis as Record<symbol, unknown>)[servers] ??= new Map()) as Map<
    number,
    Promise<PostgresServer>
  >;
  const server = started.get(version) ?? startPostgres({ version });
  started.set(version, server);
  return server;
}

/** An empty database, which is dropped in the end. */
export async function createDatabase(server: PostgresServer, template = 'template1'): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  // Copying files takes a third of the time that logging every page takes.
  await execute(server.url(), `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
  return {
    url: server.url(name),
    [Symbol.asyncDispose]: () => execute(server.url(), `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/**
 * Gives databases that are as `prepare` leaves one. It runs once; the others are copies of that database. A database that was
 * disposed of is used again: putting its rows back takes a tenth of the time that another copy takes. A test that changes
 * more than rows takes a database of its own instead.
 */
export function databasePool(
  version: PostgresVersion,
  prepare: (url: string) => Promise<void>,
): () => Promise<TestDatabase> {
  const free: { readonly url: string; readonly session: pg.Pool }[] = [];
  let template: Promise<{ server: PostgresServer; name: string; reset: string }> | undefined;
  const makeTemplate = async () => {
    const server = await sharedPostgres(version);
    const { url } = await createDatabase(server);
    await prepare(url);
    return { server, name: new URL(url).pathname.slice(1), reset: await resetOf(url) };
  };
  const copy = async (server: PostgresServer, name: string) => {
    const { url } = await createDatabase(server, name);
    return { url, session: openSession(url) };
  };
  return async () => {
    template ??= makeTemplate();
    const { server, name, reset } = await template;
    const database = free.pop() ?? (await copy(server, name));
    return {
      url: database.url,
      async [Symbol.asyncDispose]() {
        await database.session.query(reset);
        free.push(database);
      },
    };
  };
}

/** A session that stays, since a new one would read the catalog anew each time; it keeps no process from ending. */
function openSession(connectionString: string): pg.Pool {
  const session = new pg.Pool({ connectionString, max: 1, idleTimeoutMillis: 0, allowExitOnIdle: true });
  return session.on('error', () => {});
}

const userTables = `SELECT format('%I', tablename) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`;
const endOtherSessions = `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;

/** Statements after which the tables have the rows again that they have now, and identities count from the beginning. */
async function resetOf(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('CREATE SCHEMA IF NOT EXISTS kept');
    const { rows: tables } = await client.query<{ name: string }>(userTables);
    const statements: string[] = [];
    for (const { name } of tables) {
      const { rowCount } = await client.query(`SELECT 1 FROM ${name} LIMIT 1`);
      if (rowCount) await client.query(`CREATE TABLE kept.${name} AS TABLE ${name}`);
      statements.push(rowCount ? putBack(name) : `DELETE FROM ${name};`);
    }
    const { rows: sequences } = await client.query<{ restart: string }>(restarts);
    const rowsAgain = [...statements, ...sequences.map(({ restart }) => restart)].join('\n');
    // Neither triggers nor foreign keys have a part in it.
    return `${endOtherSessions}; BEGIN; SET LOCAL session_replication_role = replica; ${rowsAgain} COMMIT;`;
  } finally {
    await client.end();
  }
}

/** Rows that are as they were stay: there may be thousands of them. */
function putBack(name: string): string {
  return `DELETE FROM ${name} t WHERE NOT EXISTS (SELECT 1 FROM kept.${name} k WHERE k = t);
    INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM kept.${name} EXCEPT SELECT * FROM ${name};`;
}

const restarts = `SELECT format('SELECT setval(%L, %s, %L);', format('%I', sequencename), coalesce(last_value, start_value),
  last_value IS NOT NULL) AS restart FROM pg_sequences WHERE schemaname = 'public'`;

async function execute(url: string, statements: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}
