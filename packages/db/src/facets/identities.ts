import type { Change, Page } from './shared.ts';

/** A person whom a provider of sign-ins vouches for: the pair of provider and subject, whatever the name. */
export interface Identity {
  /** UUID; what policy rules call the subject. */
  readonly id: string;
  /** Name of the provider's section in the configuration. */
  readonly provider: string;
  /** The `sub` of the provider. */
  readonly subject: string;
  /** As of the last sign-in, as are the roles; no account and no other identity has it. */
  readonly username: string;
  readonly roles: readonly string[];
  /** Whether an admin has blocked it: then it cannot sign in, and its tokens are rejected. */
  readonly blocked: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly signedInAt: number;
}

/** What a provider said at a sign-in. */
export interface SignIn {
  /** The id for an identity that is new. */
  readonly id: string;
  readonly provider: string;
  readonly subject: string;
  readonly username: string;
  readonly roles: readonly string[];
  /** The attempt, which can be completed once. */
  readonly attempt: { readonly id: string; readonly expiresAt: number };
  readonly now: number;
}

/**
 * People who sign in at a provider; their passwords and groups are there. Owners of tokens that MCIAS keeps are among those that are
 * listed, blocked and deleted, with `mcias` as their provider; they sign in without a record here.
 */
export interface Identities {
  /**
   * Records a sign-in, with the name and the roles of now. `CONFLICT` with the detail `attempt` when it was completed before,
   * and with the detail `username` when an account or another identity has the name. A blocked identity stays as it is.
   */
  signIn(input: SignIn): Promise<Identity>;
  findById(id: string): Promise<Identity | undefined>;
  findByName(username: string): Promise<Identity | undefined>;
  /** By name, those of MCIAS among them. */
  list(page: Page): Promise<readonly Identity[]>;
  /** `identity_updated`; `undefined` when there is no such identity. */
  setBlocked(input: Change & { id: string; blocked: boolean }): Promise<Identity | undefined>;
  /** `identity_deleted`; whether there was one. Its name is free, and a sign-in makes a new one. */
  delete(input: Change & { id: string }): Promise<boolean>;
}
