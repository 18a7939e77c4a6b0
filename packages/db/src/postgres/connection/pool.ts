import { createHash } from 'node:crypto';
import type { Pool, PoolClient, PoolConfig, QueryResult } from 'pg';
import { DatabaseError } from '../../database-error.ts';
import { encodeValue } from './values.ts';

/** How to reach a database. */
export interface PoolOptions {
  /** As libpq has it: `postgresql://user:password@host:5432/database?sslmode=verify-full`. */
  readonly url: string;
  /** Certificates of authorities in PEM, by which the server's is checked. */
  readonly caCert?: string;
  /** Connections at most (default: 8). */
  readonly size?: number;
  /** Milliseconds after which the server ends a statement (default: 5000); 0 is never. */
  readonly statementTimeout?: number;
}

/** Connections of a process, unless it says otherwise. */
export const defaultPoolSize = 8;
/** A connection may be waited for so long, in milliseconds: clients wait, too. */
const maxWait = 3_000;
/** A transaction whose client says nothing for so long has lost it, in milliseconds. */
const maxIdleInTransaction = 30_000;
/** Types whose values are numbers: figures and times are far below 2^53. */
const numericTypes: ReadonlySet<number> = new Set([20, 21, 23, 701, 1700]);
/** The type `bigint[]`. */
const numbersType = 1016;

/** Opens a pool; the driver is loaded here, and only for a database that needs it. */
export async function openPool({
  url,
  caCert,
  size = defaultPoolSize,
  statementTimeout = 5_000,
}: PoolOptions): Promise<Pool> {
  const { default: pg } = await import('pg');
  const config: PoolConfig = {
    ...addressOf(url, caCert),
    max: size,
    pipeline: true,
    connectionTimeoutMillis: maxWait,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: statementTimeout,
    // The server counts from when it got the statement; a network that says nothing is given up later.
    ...(statementTimeout > 0 && { query_timeout: statementTimeout + maxWait }),
    idle_in_transaction_session_timeout: maxIdleInTransaction,
    application_name: 'mcr',
    // Statements here read few rows; compiling one for the many that a table without statistics may have takes seconds.
    options: '-c jit=off',
    types: {
      getTypeParser: ((oid: Parameters<typeof pg.types.getTypeParser>[0], format: 'text' | 'binary') => {
        if (numericTypes.has(oid)) return Number;
        const parse = pg.types.getTypeParser(oid, format);
        const type: number = oid;
        return type === numbersType ? (text: string) => parse(text).map(Number) : parse;
      }) as typeof pg.types.getTypeParser,
    },
  };
  const pool = new pg.Pool(config);
  // A connection that breaks between two statements is noticed by the next one.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** The address in a URL, with what it says of TLS, which the driver would read otherwise than libpq does. */
function addressOf(text: string, caCert: string | undefined): Pick<PoolConfig, 'connectionString' | 'ssl'> {
  const { url, mode } = splitSslMode(text);
  const ca = caCert !== undefined && { ca: caCert };
  switch (mode ?? (caCert === undefined ? 'disable' : 'verify-full')) {
    case 'disable':
      return { connectionString: url, ssl: false };
    case 'require':
      // libpq checks the certificate, too, once it has an authority to check it by.
      return {
        connectionString: url,
        ssl: ca ? { ...ca, checkServerIdentity: () => undefined } : { rejectUnauthorized: false },
      };
    case 'verify-ca':
      return { connectionString: url, ssl: { ...ca, checkServerIdentity: () => undefined } };
    case 'verify-full':
      return { connectionString: url, ssl: { ...ca } };
    default:
      throw new DatabaseError('The sslmode of the database must be disable, require, verify-ca or verify-full');
  }
}

function splitSslMode(text: string): { readonly url: string; readonly mode: string | undefined } {
  const [base = '', query = ''] = text.split('?', 2);
  const parameters = new URLSearchParams(query);
  const mode = parameters.get('sslmode') ?? undefined;
  parameters.delete('sslmode');
  return { url: parameters.size === 0 ? base : `${base}?${parameters.toString()}`, mode };
}

const names = new Map<string, string>();

/** The same name for the same text: each connection prepares a statement once. */
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('base64url').slice(0, 20);
    names.set(text, name);
  }
  return name;
}

/** Runs a statement by its name. The texts of statements are a fixed number. */
export async function runNamed(client: PoolClient, text: string, values: readonly unknown[]): Promise<QueryResult> {
  return await client.query({ name: nameOf(text), text, values: values.map(encodeValue) });
}
