import type { Account } from '@mcr/core';
import { governs, type Standing } from '../../common/account-changes.ts';
import { lastAdmin } from '../../rejections.ts';
import type { Transaction } from '../connection/transaction.ts';

/** In the words of the index of admins. */
const another = `SELECT 1 FROM accounts WHERE enabled AND roles @> '["admin"]' AND id <> $1 LIMIT 1`;

/**
 * Checks that an account does not stop being an enabled admin while no other one is left. Changes of accounts wait for each
 * other, so that two admins cannot remove each other. `after` is absent for an account that is deleted. Throws `CONFLICT`.
 */
export async function keepAnAdmin(tx: Transaction, id: string, after?: Partial<Standing>): Promise<void> {
  const [before] = await tx.query<Pick<Account, 'username'> & Standing>(
    'SELECT username, enabled, roles FROM accounts WHERE id = $1',
    [id],
  );
  if (before === undefined || !governs(before)) return;
  if (after !== undefined && governs({ ...before, ...after })) return;
  const others = await tx.query(another, [id]);
  if (others.length === 0) throw lastAdmin({ id, username: before.username });
}
