import type { Action, Principal, TokenGrant, TokenScope } from '@mcr/core';
import type { Change } from './shared.ts';

/** An access token. Of its secret the store has no more than a hash. */
export interface AccessToken extends TokenGrant {
  /** UUID of the account that it is a token of. */
  readonly accountId: string;
  readonly accountName: string;
  /** Grows with every rotation. */
  readonly generation: number;
  /** UUID and name of the account that created it; absent for the registry's own command line. */
  readonly createdBy?: string;
  readonly createdByName?: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly rotatedAt?: number;
  /** Until when the secret before the last rotation is good for. */
  readonly previousUntil?: number;
  readonly lastUsedAt?: number;
  /** Address of the client that used it last. */
  readonly lastUsedIp?: string;
}

/** A token that is to be created; `secretHash` is what its secret is found by. */
export interface NewAccessToken {
  readonly id: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly name: string;
  readonly actions: readonly Action[];
  readonly repositories: readonly string[];
  readonly scope: TokenScope;
  readonly expiresAt: number;
  readonly secretHash: string;
}

/** A token, found by one of its secrets. */
export interface FoundToken {
  readonly token: AccessToken;
  /** The generation of the secret, which is the one of the token or the one before. */
  readonly generation: number;
}

/** The place of a token in lists, which are by name of the account, then of the token, then by id. */
export type TokenCursor = Pick<AccessToken, 'accountName' | 'name' | 'id'>;

/** That a token was used. */
export interface TokenUse {
  readonly id: string;
  readonly at: number;
  readonly ip: string;
}

/** An owner of tokens that an external service keeps, as it was at the last sign-in. */
export interface TokenOwner {
  readonly principal: Principal;
  readonly signedInAt: number;
  /** Whether an admin has blocked it; `Identities` does that. Putting an owner on record leaves it as it is. */
  readonly blocked?: boolean;
}

/** How many tokens there are. */
export interface TokenCounts {
  readonly valid: number;
  /** Of the valid ones, those that expire before a given time. */
  readonly expiring: number;
  readonly expired: number;
}

/** Access tokens, and those of their owners that are no local accounts. */
export interface AccessTokens {
  /**
   * `token_created`. `CONFLICT` when the account has a token of this name that has not expired, or `limit` of them; 0 is no
   * limit. Forgets tokens that expired a month ago.
   */
  create(input: Change & { token: NewAccessToken; limit: number }): Promise<AccessToken>;
  findById(id: string): Promise<AccessToken | undefined>;
  /** By the hash of the secret, or of the one before the last rotation, whether they are good any more or not. */
  findBySecret(secretHash: string): Promise<FoundToken | undefined>;
  list(page: { accountId?: string; after?: TokenCursor; limit: number }): Promise<readonly AccessToken[]>;
  /**
   * `token_rotated`: gives the token another secret, and `expiresAt`. The one before is good until `previousUntil`; one from
   * before that is good for nothing any more. `undefined` when there is no such token.
   */
  rotate(
    input: Change & { id: string; secretHash: string; previousUntil: number; expiresAt: number },
  ): Promise<AccessToken | undefined>;
  /** `token_revoked`; whether there was such a token. */
  revoke(input: Change & { id: string }): Promise<boolean>;
  /** Puts on record when tokens were used last, if not later already. */
  noteUses(uses: readonly TokenUse[]): Promise<void>;
  findOwner(accountId: string): Promise<TokenOwner | undefined>;
  /** Puts an owner on record, or what has changed about one. */
  putOwner(owner: TokenOwner): Promise<void>;
  count(input: { now: number; expiringBefore: number }): Promise<TokenCounts>;
}
