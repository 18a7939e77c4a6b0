import type { Account } from '@mcr/core';
import type { Accounts } from '../../facets/accounts.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

/** The columns of an account's record. */
export const accountColumns = `id, username, type, roles, password_hash AS "passwordHash", enabled, created_at AS "createdAt",
  updated_at AS "updatedAt"`;

const byName = `SELECT ${accountColumns} FROM accounts WHERE username = $1`;
const byId = `SELECT ${accountColumns} FROM accounts WHERE id = $1`;
const page = `SELECT ${accountColumns} FROM accounts WHERE username > $1 ORDER BY username LIMIT $2`;

export const findAccountByName: Operation<Accounts['findByName']> = (connection) => async (username) => {
  const [account] = await connection.query<Account>(byName, [username]);
  return account;
};

export const findAccountById: Operation<Accounts['findById']> = (connection) => async (id) => {
  const [account] = await connection.query<Account>(byId, [id]);
  return account;
};

export const listAccounts: Operation<Accounts['list']> =
  (connection) =>
  async ({ after = '', limit }) =>
    await connection.query<Account>(page, [after, pageLimit(limit)]);
