import { eq, ne, sql } from 'drizzle-orm';
import { governs, type Standing } from '../../common/account-changes.ts';
import { lastAdmin } from '../../rejections.ts';
import type { Connection } from '../connection/connection.ts';
import { accounts } from '../schema/index.ts';

/**
 * Makes the check that an account does not stop being an enabled admin while no other one is left; part of the transaction
 * that changes it, so that two admins cannot remove each other. `after` is absent for an account that is deleted. Throws
 * `CONFLICT`.
 */
export function prepareKeepAnAdmin({ db }: Connection): (id: string, after?: Partial<Standing>) => void {
  const find = db
    .select({ enabled: accounts.enabled, roles: accounts.roles, username: accounts.username })
    .from(accounts)
    .where(eq(accounts.id, sql.placeholder('id')))
    .prepare();
  // In the words of the index of admins, which is ordered by id; what has the role among others is told below.
  const findOthers = db
    .select({ enabled: accounts.enabled, roles: accounts.roles })
    .from(accounts)
    .where(
      sql`enabled = 1 AND instr(roles, '"admin"') > 0 AND ${accounts.id} > '' AND ${ne(accounts.id, sql.placeholder('id'))}`,
    )
    .prepare();
  return (id, after) => {
    const before = find.get({ id });
    if (before === undefined || !governs(before)) return;
    if (after !== undefined && governs({ ...before, ...after })) return;
    if (findOthers.all({ id }).some(governs)) return;
    throw lastAdmin({ id, username: before.username });
  };
}
