import { asc, eq, gt, sql } from 'drizzle-orm';
import type { Accounts } from '../../facets/accounts.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { accounts } from '../schema/index.ts';

export const findAccountByName: Operation<Accounts['findByName']> = ({ db }) => {
  const statement = db
    .select()
    .from(accounts)
    .where(eq(accounts.username, sql.placeholder('username')))
    .prepare();
  return (username) => statement.get({ username });
};

export const findAccountById: Operation<Accounts['findById']> = ({ db }) => {
  const statement = db
    .select()
    .from(accounts)
    .where(eq(accounts.id, sql.placeholder('id')))
    .prepare();
  return (id) => statement.get({ id });
};

export const listAccounts: Operation<Accounts['list']> =
  ({ db }) =>
  ({ after = '', limit }) =>
    db
      .select()
      .from(accounts)
      .where(gt(accounts.username, after))
      .orderBy(asc(accounts.username))
      .limit(pageLimit(limit))
      .all();
