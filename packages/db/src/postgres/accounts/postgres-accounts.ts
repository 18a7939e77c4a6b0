// Written by `npm run tables`. Do not edit.
import type { Accounts } from '../../facets/accounts.ts';
import { PostgresFacet } from '../facet.ts';
import { createAccount } from './create-account.ts';
import { deleteAccount } from './delete-account.ts';
import { findAccountById, findAccountByName, listAccounts } from './find-account.ts';
import { isTokenRevoked, revokeToken } from './revoked-tokens.ts';
import { updateAccount } from './update-account.ts';

/** {@link Accounts} in PostgreSQL. */
export class PostgresAccounts extends PostgresFacet implements Accounts {
  readonly create = this.operation(createAccount);
  readonly findByName = this.operation(findAccountByName);
  readonly findById = this.operation(findAccountById);
  readonly list = this.operation(listAccounts);
  readonly update = this.operation(updateAccount);
  readonly delete = this.operation(deleteAccount);
  readonly revokeToken = this.operation(revokeToken);
  readonly isTokenRevoked = this.operation(isTokenRevoked);
}
