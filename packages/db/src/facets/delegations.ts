import type { Change } from './shared.ts';

/** That an account manages rules and tokens of the repositories that a pattern covers. */
export interface Delegation {
  /** UUID. */
  readonly id: string;
  /** UUID of the account, and its name when this was granted. */
  readonly accountId: string;
  readonly accountName: string;
  /** Literal segments, then at most a star or two. */
  readonly pattern: string;
  /** UUID and name of the admin; absent for the registry's own command line. */
  readonly grantedBy?: string;
  readonly grantedByName?: string;
  readonly grantedAt: number;
}

/** A delegation that is to be granted. */
export type NewDelegation = Pick<Delegation, 'id' | 'accountId' | 'accountName' | 'pattern'>;

/** The place of a delegation in lists, which are by name of the account, then by pattern, then by id. */
export type DelegationCursor = Pick<Delegation, 'accountName' | 'pattern' | 'id'>;

/** Who manages which part of the repositories. Those of an account end with it. */
export interface Delegations {
  /** `delegation_granted`. `CONFLICT` when the account has it, or `limit` of them. */
  grant(input: Change & { delegation: NewDelegation; limit: number }): Promise<Delegation>;
  /** `delegation_revoked`; what was revoked, `undefined` when there is no such delegation. */
  revoke(input: Change & { id: string }): Promise<Delegation | undefined>;
  /** Of one account, by pattern. */
  listOf(accountId: string): Promise<readonly Delegation[]>;
  list(page: { after?: DelegationCursor; limit: number }): Promise<readonly Delegation[]>;
}
