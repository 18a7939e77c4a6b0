import type { Account } from '@mcr/core';

/** What local accounts need of the registry's database; the accounts of every `MetadataStore` have it. */
export interface AccountStore {
  findByName(username: string): Promise<Account | undefined>;
  findById(id: string): Promise<Account | undefined>;
  /** Marks a token as revoked until it would have expired anyway; times in milliseconds since the epoch. */
  revokeToken(input: { tokenId: string; expiresAt: number; now: number }): Promise<void>;
  isTokenRevoked(tokenId: string): Promise<boolean>;
}
