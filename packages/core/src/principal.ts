/** What kind of account acts. */
export type AccountType = 'human' | 'system';

/** Somebody whose token was validated. */
export interface Principal {
  /** UUID of the subject; policy rules name it. */
  readonly id: string;
  /** For people to read: logs, audit, UI. */
  readonly username: string;
  readonly accountType: AccountType;
  /** Roles as the identity provider gave them; `admin` and `user` have built-in rules. */
  readonly roles: readonly string[];
}

/** Whether a principal or an account with these roles may use the admin API. */
export function isAdmin({ roles }: Pick<Principal, 'roles'>): boolean {
  return roles.includes('admin');
}

const accountName = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Whether `text` is an account name: safe in shells, URLs and Basic credentials. */
export function isAccountName(text: string): boolean {
  return accountName.test(text);
}

const role = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Whether `text` is a role that a local account may have; an identity service may know others. */
export function isRole(text: string): boolean {
  return role.test(text);
}

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
