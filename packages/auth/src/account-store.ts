import type { Account } from '@mcr/core';

/** The part of the registry's database that local accounts need; `MetadataStore.accounts` implements it. */
export interface AccountStore {
  findByName(username: string): Promise<Account | undefined>;
  findById(id: string): Promise<Account | undefined>;
  /** Marks a token as revoked until it would have expired; times in milliseconds since the epoch. */
  revokeToken(input: { tokenId: string; expiresAt: number; now: number }): Promise<void>;
  isTokenRevoked(tokenId: string): Promise<boolean>;
}
