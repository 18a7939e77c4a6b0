import type { PoolClient } from 'pg';
import { runNamed } from './pool.ts';

/** The statements of one transaction; all see what the ones before have done, and what others have committed (READ COMMITTED). */
export interface Transaction {
  /** Rows, with columns by their names; `bigint` and `double precision` are numbers. */
  readonly query: <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>;
  /** How many rows a statement has written. */
  readonly run: (text: string, values?: readonly unknown[]) => Promise<number>;
  /** Runs a part that may fail without taking the rest with it. */
  readonly savepoint: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** The statements of a client that is in a transaction. */
export function transactionOf(client: PoolClient): Transaction {
  return {
    query: async <Row>(text: string, values: readonly unknown[] = []) =>
      (await runNamed(client, text, values)).rows as Row[],
    run: async (text, values = []) => (await runNamed(client, text, values)).rowCount ?? 0,
    async savepoint(work) {
      await client.query('SAVEPOINT part');
      try {
        const result = await work();
        await client.query('RELEASE SAVEPOINT part');
        return result;
      } catch (error) {
        await client.query('ROLLBACK TO SAVEPOINT part');
        throw error;
      }
    },
  };
}

/** Runs work between BEGIN and COMMIT; whatever it throws rolls back. */
export async function inTransaction<Result>(
  client: PoolClient,
  begin: string,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  // Not awaited: the first statement goes with it in one round trip. If it fails, so do they all.
  const begun = client.query(begin);
  begun.catch(() => {});
  try {
    const result = await work(transactionOf(client));
    await begun;
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
