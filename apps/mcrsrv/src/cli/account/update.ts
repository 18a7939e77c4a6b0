import type { CommandModule } from 'yargs';
import { configOption } from '../options.ts';
import { say } from '../output.ts';
import { type AccountArguments, jsonOption, nameArgument, yesOption } from './options.ts';

interface RoleArguments {
  readonly role?: string[] | undefined;
  readonly 'add-role'?: string[] | undefined;
  readonly 'remove-role'?: string[] | undefined;
  readonly 'no-roles'?: boolean | undefined;
}

type UpdateArguments = AccountArguments & RoleArguments & { readonly json: boolean; readonly yes: boolean };

const list = { type: 'string', array: true, requiresArg: true } as const;

/** `mcrsrv account update`: roles; what else an account has, `passwd`, `enable` and `disable` change. */
export const accountUpdateCommand: CommandModule<unknown, UpdateArguments> = {
  command: 'update <name>',
  describe: 'Change the roles of an account, effective immediately',
  builder: (args) =>
    args
      .positional('name', nameArgument)
      .options(configOption)
      .option('role', { ...list, describe: 'All the roles that it has from now on; may be repeated' })
      .option('add-role', { ...list, describe: 'A role that it gets; may be repeated' })
      .option('remove-role', { ...list, describe: 'A role that it loses; may be repeated' })
      .option('no-roles', { type: 'boolean', describe: 'Take all its roles away' })
      .conflicts('role', ['add-role', 'remove-role', 'no-roles'])
      .conflicts('no-roles', ['add-role', 'remove-role'])
      .check(saysRoles)
      .options(jsonOption)
      .options(yesOption)
      .example('$0 account update ci --add-role deploy', 'adds a role and keeps the others')
      .example('$0 account update alice --role user --role release', 'says all of its roles'),
  handler: async ({ config, name, json, yes, ...options }) => {
    const [{ confirmLastAdmin, printAccount, withAccounts }, { updateAccount }] = await Promise.all([
      import('./accounts.ts'),
      import('../../admin/accounts/update.ts'),
    ]);
    const account = await withAccounts(config, async ({ find, run }) => {
      const found = await find(name);
      const request = { id: found.id, roles: { values: changedRoles(found.roles, options) } };
      const { account } = await confirmLastAdmin(name, yes, (call) => run(updateAccount, request, call));
      return account!;
    });
    say(`${name} has ${account.roles.length === 0 ? 'no roles' : `the roles ${account.roles.join(', ')}`}`);
    if (json) printAccount(account);
  },
};

/** Whether the options say anything; else what is missing. */
function saysRoles({
  role,
  'add-role': added,
  'remove-role': removed,
  'no-roles': none,
}: RoleArguments): true | string {
  if (role !== undefined || added !== undefined || removed !== undefined || none === true) return true;
  return 'nothing to change: give --role, --add-role, --remove-role or --no-roles';
}

function changedRoles(roles: readonly string[], options: RoleArguments): string[] {
  const { role, 'add-role': added = [], 'remove-role': removed = [], 'no-roles': none } = options;
  if (none === true) return [];
  return role ?? [...new Set([...roles, ...added])].filter((it) => !removed.includes(it));
}
