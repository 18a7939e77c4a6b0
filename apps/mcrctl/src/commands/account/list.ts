import type { Account } from '@mcr/rpc/mcr/v1/admin_pb';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import type { Field } from '../../output/field.ts';

/** Fields of an account. */
export const accountFields: readonly Field<Json<Account>>[] = [
  { name: 'username', column: 'NAME', describe: 'Name', reference: ({ username }) => username },
  { name: 'account_type', column: 'TYPE', describe: '`human` or `system`' },
  { name: 'roles', kind: 'list', column: 'ROLES', none: 'none', describe: 'Roles; `admin` has built-in rights' },
  {
    name: 'enabled',
    kind: 'flag',
    column: 'ENABLED',
    tones: { no: 'yellow' },
    describe: 'Whether it can log in and its tokens are valid',
  },
  { name: 'id', column: 'ID', wide: true, describe: 'UUID, the `subject` of policy rules' },
  { name: 'created_at', kind: 'time', column: 'CREATED', describe: 'Time of creation' },
  { name: 'updated_at', kind: 'time', describe: 'Time of the last change' },
];

/** The positional argument of commands on one account. */
export const accountArgument = { username: { describe: 'Name of the account', complete: 'account' } } as const;

/** `mcrctl account list`: AdminService.ListAccounts. */
export const accountListCommand = defineCommand({
  name: 'account list',
  describe: "List the registry's own accounts, by name",
  options: limitOption,
  examples: [
    ['mcrctl account list', 'See who can log in'],
    ['mcrctl account list --json username,id', 'UUIDs for policy rules, for a script'],
  ],
  fields: accountFields,
  async run({ print, client }, { limit }) {
    const about = { to: 'list the accounts', limit: parseCount(limit, '--limit') };
    const pages = (await client()).pages('admin.listAccounts', {}, about, ({ accounts }) => accounts);
    await print.list(accountFields, pages, 'No accounts');
  },
});
