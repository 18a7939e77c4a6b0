import type { ListAccountsResponse } from '@mcr/rpc/mcr/v1/admin_pb';

/** The values of the account form without the password, and why they were rejected. */
export interface NewAccount {
  readonly username: string;
  readonly accountType: string;
  readonly roles: string;
  readonly problem?: string;
}

/** Initial values of the form. */
export const newAccount: NewAccount = { username: '', accountType: 'human', roles: 'user' };

/** Properties of the page. */
export interface AccountsProps {
  readonly csrf: string;
  readonly url: URL;
  readonly list: ListAccountsResponse;
  /** Id of the account whose password is being set. */
  readonly resetting: string;
  /** Why the new password was rejected. */
  readonly resetProblem: string | undefined;
  /** Id of the account whose roles are being changed. */
  readonly changing: string;
  /** The rejected roles, and why. */
  readonly roles: string | undefined;
  readonly rolesProblem: string | undefined;
  /** Initial values of the form for a new account. */
  readonly typed: NewAccount;
  /** Id of the account that this request has created. */
  readonly created: string | undefined;
  readonly now: number;
}
