import type { Account, AccountType } from '@mcr/core';
import type { Change, Page } from './shared.ts';

export interface NewAccount {
  readonly id: string;
  readonly username: string;
  readonly type: AccountType;
  readonly roles: readonly string[];
  readonly passwordHash: string;
}

export interface AccountPatch {
  readonly passwordHash?: string;
  readonly enabled?: boolean;
  readonly roles?: readonly string[];
}

/** Local accounts, and tokens that were revoked. */
export interface Accounts {
  /** `account_created`. `CONFLICT` when the name is taken. */
  create(input: Change & { account: NewAccount }): Promise<Account>;
  findByName(username: string): Promise<Account | undefined>;
  findById(id: string): Promise<Account | undefined>;
  /** By name. */
  list(page: Page): Promise<readonly Account[]>;
  /**
   * `account_updated`; `undefined` when there is no such account. `CONFLICT` when no enabled account with the role `admin`
   * would be left, unless `evenLastAdmin`.
   */
  update(input: Change & { id: string; patch: AccountPatch; evenLastAdmin?: boolean }): Promise<Account | undefined>;
  /** `account_deleted`, and its tokens with it; whether there was one. `CONFLICT` as for an update. */
  delete(input: Change & { id: string; evenLastAdmin?: boolean }): Promise<boolean>;
  /** Marks a token as revoked until it would have expired anyway, and forgets those that have. */
  revokeToken(input: { tokenId: string; expiresAt: number; now: number }): Promise<void>;
  isTokenRevoked(tokenId: string): Promise<boolean>;
}
