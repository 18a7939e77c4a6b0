import type { Field } from '../../output/field.ts';

/** An account of the registry's own; its password is never shown. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly account_type: string;
  readonly roles: readonly string[];
  readonly enabled: boolean;
  readonly created_at: string | undefined;
  readonly updated_at: string | undefined;
}

/** Fields of an account. */
export const accountFields: readonly Field<Account>[] = [
  { name: 'username', column: 'NAME', describe: 'Its name' },
  { name: 'account_type', column: 'TYPE', describe: '`human` or `system`' },
  { name: 'roles', kind: 'list', column: 'ROLES', none: 'none', describe: 'Its roles; `admin` has built-in rights' },
  {
    name: 'enabled',
    kind: 'flag',
    column: 'ENABLED',
    tones: { no: 'yellow' },
    describe: 'Whether it can log in and its tokens work',
  },
  { name: 'id', column: 'ID', describe: 'UUID; what a policy rule calls its subject' },
  { name: 'created_at', kind: 'time', column: 'CREATED', describe: 'When it was made' },
  { name: 'updated_at', kind: 'time', describe: 'When it was last changed' },
];

/** The positional argument of commands on one account. */
export const accountArgument = { username: { describe: 'Name of the account', complete: 'account' } } as const;
