import { randomUUID } from 'node:crypto';
import { RegistryError } from '@mcr/core';
import type { Pool, PoolClient } from 'pg';
import { isConnectionLoss, isReadOnly } from './errors.ts';
import { GroupedReads, type LookUp } from './grouped-reads.ts';
import { defaultPoolSize, openPool, type PoolOptions, runNamed } from './pool.ts';
import { type OnRetry, retrying } from './retry.ts';
import { inTransaction, type Transaction } from './transaction.ts';

/** A change, as far as it can be recognized when it is tried again. */
export interface Identified {
  readonly changeId?: string;
}

/** What a connection needs beside its address. */
export interface ConnectionOptions extends PoolOptions {
  /** Called for each attempt that is made again. */
  readonly onRetry?: OnRetry;
}

/** Connections for what each pull looks up, of which as many statements are under way at once. */
const reservedSize = 2;

/** What a pool is doing, for metrics. */
export interface PoolFigures {
  readonly open: number;
  readonly idle: number;
  /** Operations that wait for a connection. */
  readonly waiting: number;
}

/** A database, by a pool of connections. Errors are the driver's; facets translate them. */
export interface Connection {
  /** Reads by one statement, which is run again when its connection is lost. */
  readonly query: <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** The same for a look-up that many requests make: it has connections that nothing which waits for a lock can take. */
  readonly lookUp: <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** Reads that all see the same moment. */
  readonly read: <Result>(work: (tx: Transaction) => Promise<Result>) => Promise<Result>;
  /** Looks up a key together with what other requests look up, see {@link GroupedReads}. `lookUp` is the same function each time. */
  readonly grouped: <Key, Result>(lookUp: LookUp<Key, Result>, key: Key) => Promise<Result>;
  /**
   * Runs a transaction, again when it met another one or when its connection was lost. If that was at the end, it may have happened:
   * a change is made once, and returns what its first attempt has returned. Without a change, `work` must do no harm a second time.
   */
  readonly write: <Result>(
    change: Identified | undefined,
    work: (tx: Transaction) => Promise<Result>,
  ) => Promise<Result>;
  /**
   * The same by one statement, a transaction of its own, whose first value is the id of the change, or null. It calls a function
   * that begins with `begin_change` and ends with `end_change`.
   */
  readonly call: <Row>(change: Identified | undefined, text: string, values?: readonly unknown[]) => Promise<Row[]>;
  readonly figures: () => PoolFigures;
  /** Idempotent. */
  readonly close: () => Promise<void>;
}

/** Opens a connection; whether the database can be reached shows with the first statement. */
export async function openConnection({ onRetry = () => {}, ...options }: ConnectionOptions): Promise<Connection> {
  const { size = defaultPoolSize } = options;
  const reserved = await openPool({ ...options, size: reservedSize });
  const pool = await openPool({ ...options, size: Math.max(size - reservedSize, 1) });
  const reads = new GroupedReads();
  const attempt = <Result>(work: (client: PoolClient) => Promise<Result>, from = pool) =>
    retrying(() => withClient(from, work), onRetry);
  const queryFrom =
    (from: Pool) =>
    async <Row>(text: string, values: readonly unknown[] = []) =>
      (await attempt((client) => runNamed(client, text, values), from)).rows as Row[];
  const inOne = <Result>(begin: string, work: (tx: Transaction) => Promise<Result>) =>
    attempt((client) => inTransaction(client, begin, work));
  return {
    query: queryFrom(pool),
    lookUp: queryFrom(reserved),
    read: (work) => inOne('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY', work),
    grouped: (lookUp, key) => reads.read(lookUp, key),
    async write(change, work) {
      const id = idOf(change);
      return await inOne('BEGIN', id === null ? work : (tx) => once(tx, id, work));
    },
    async call<Row>(change: Identified | undefined, text: string, values: readonly unknown[] = []) {
      const id = idOf(change);
      return (await attempt((client) => runNamed(client, text, [id, ...values]))).rows as Row[];
    },
    figures: () => ({
      open: pool.totalCount + reserved.totalCount,
      idle: pool.idleCount + reserved.idleCount,
      waiting: pool.waitingCount + reserved.waitingCount,
    }),
    async close() {
      for (const it of [reserved, pool]) if (!it.ending) await it.end();
    },
  };
}

/** A change whose caller gave it no id gets one for its attempts: a lost connection does not say whether it was made. */
function idOf(change: Identified | undefined): string | null {
  return change === undefined ? null : (change.changeId ?? randomUUID());
}

async function withClient<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  if (pool.ending) throw new RegistryError('UNAVAILABLE', 'The metadata store is closed');
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    if (error instanceof Error && (isConnectionLoss(error) || isReadOnly(error))) broken = error;
    throw error;
  } finally {
    client.release(broken);
  }
}

async function once<Result>(tx: Transaction, id: string, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  const [made] = await tx.query<{ result: { result: Result } | null }>('SELECT begin_change($1) AS result', [id]);
  if (made?.result) return made.result.result ?? (undefined as Result);
  const result = await work(tx);
  await tx.query('SELECT end_change($1, $2)', [id, JSON.stringify(result)]);
  return result;
}
