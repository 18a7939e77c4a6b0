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

/** Whether the principal may use the admin API. */
export function isAdmin(principal: Principal): boolean {
  return principal.roles.includes('admin');
}

const accountName = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Whether `text` is an account name: safe in shells, URLs and Basic credentials. */
export function isAccountName(text: string): boolean {
  return accountName.test(text);
}
