import type { Account } from '@mcr/rpc/mcr/v1/admin_pb';
import type { Json } from '../../api/json.ts';
import type { Field } from '../../output/field.ts';

/** Fields of an account. */
export const accountFields: readonly Field<Json<Account>>[] = [
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
