import type { AccountType } from './principal.ts';

/** A local account as it is stored. */
export interface Account {
  /** UUID; what policy rules call the subject. */
  readonly id: string;
  readonly username: string;
  readonly type: AccountType;
  readonly roles: readonly string[];
  /** PHC string of an argon2id hash. */
  readonly passwordHash: string;
  readonly enabled: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}
