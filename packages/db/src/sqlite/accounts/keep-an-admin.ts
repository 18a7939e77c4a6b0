import { isAdmin, RegistryError } from '@mcr/core';
import { eq, ne, sql } from 'drizzle-orm';
import type { Connection } from '../connection/connection.ts';
import { accounts } from '../schema/index.ts';

type Standing = Pick<typeof accounts.$inferSelect, 'enabled' | 'roles'>;

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
    throw new RegistryError(
      'CONFLICT',
      `${before.username} is the last enabled account with the role admin; give another account the role first`,
      { detail: { id } },
    );
  };
}

function governs({ enabled, roles }: Standing): boolean {
  return enabled && isAdmin({ roles });
}
