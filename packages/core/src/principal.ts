/** The type of an account. `anonymous` is that of guests, who have none. */
export type AccountType = 'human' | 'system' | 'anonymous';

/** The holder of a valid token. */
export interface Principal {
  /** UUID of the account, the subject of policy rules. */
  readonly id: string;
  /** For display: logs, audit, UI. */
  readonly username: string;
  readonly accountType: AccountType;
  /** Roles from the identity provider; `admin` and `user` have built-in rules. */
  readonly roles: readonly string[];
  /** Whether it logs in by a token or a provider of others, so that the registry has no account and no password of it. */
  readonly isFederated?: true;
}

/** The caller that has no account and got a guest token. No account has the nil UUID. */
export const guest: Principal = {
  id: '00000000-0000-0000-0000-000000000000',
  username: 'anonymous',
  accountType: 'anonymous',
  roles: [],
};

/** Whether a principal is a guest, one who sent no credentials. */
export function isGuest({ accountType }: Pick<Principal, 'accountType'>): boolean {
  return accountType === 'anonymous';
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

/** Whether no new account may have the name, since logs, audit log and rules call guests so. */
export function isReservedName(text: string): boolean {
  return text === guest.username;
}

const role = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Whether `text` is a role that a local account may have; an identity service may have others. */
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
