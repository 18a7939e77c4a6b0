import type { Coordination, Versions } from '../../facets/coordination.ts';
import type { Transaction } from '../connection/transaction.ts';
import type { Operation } from '../facet.ts';

/** Has the changes of a scope wait for each other; the first statement of each, so that none of them waits for more. */
export async function lockVersion(tx: Transaction, scope: keyof Versions): Promise<void> {
  await tx.query('SELECT 1 FROM versions WHERE scope = $1 FOR UPDATE', [scope]);
}

/** Lets other processes know that what they cached of a scope is stale; runs in the transaction of the change. */
export async function bumpVersion(tx: Transaction, scope: keyof Versions): Promise<void> {
  await tx.run('UPDATE versions SET n = n + 1 WHERE scope = $1', [scope]);
}

const both = `SELECT (SELECT n FROM versions WHERE scope = 'policy') AS policy,
  (SELECT n FROM versions WHERE scope = 'accounts') AS accounts`;

export const versions: Operation<Coordination['versions']> = (connection) => {
  // Every request asks for them: those of one turn of the event loop share a statement.
  const lookUp = async (keys: readonly null[]): Promise<Versions[]> => {
    const [found] = await connection.lookUp<Versions>(both);
    return keys.map(() => ({ policy: found?.policy ?? 0, accounts: found?.accounts ?? 0 }));
  };
  return () => connection.grouped(lookUp, null);
};
