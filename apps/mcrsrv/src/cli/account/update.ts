import { UsageError } from '@mcr/cli';
import { defineCommand } from '../command.ts';
import { configOption } from '../options.ts';
import { say } from '../output.ts';
import { jsonOption, nameArgument, yesOption } from './options.ts';

interface RoleArguments {
  readonly role?: string[] | undefined;
  readonly 'add-role'?: string[] | undefined;
  readonly 'remove-role'?: string[] | undefined;
  readonly 'no-roles'?: boolean | undefined;
}

const list = { type: 'string', array: true, requiresArg: true, value: 'ROLE' } as const;

/** `mcrsrv account update`: roles; what else an account has, `passwd`, `enable` and `disable` change. */
export const accountUpdateCommand = defineCommand({
  name: 'account update <name>',
  describe: 'Change the roles of an account, effective immediately',
  positionals: nameArgument,
  options: {
    ...configOption,
    role: {
      ...list,
      conflicts: ['add-role', 'remove-role', 'no-roles'],
      describe: 'All the roles that it has from now on; may be repeated',
    },
    'add-role': { ...list, conflicts: 'no-roles', describe: 'A role that it gets; may be repeated' },
    'remove-role': { ...list, conflicts: 'no-roles', describe: 'A role that it loses; may be repeated' },
    'no-roles': { type: 'boolean', describe: 'Take all its roles away' },
    ...jsonOption,
    ...yesOption,
  },
  examples: [
    ['mcrsrv account update ci --add-role deploy', 'Adds a role and keeps the others'],
    ['mcrsrv account update alice --role user --role release', 'Says all of its roles'],
  ],
  run: async ({ config, name, json, yes, ...options }) => {
    mustSayRoles(options);
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
});

function mustSayRoles({ role, 'add-role': added, 'remove-role': removed, 'no-roles': none }: RoleArguments): void {
  if (role !== undefined || added !== undefined || removed !== undefined || none === true) return;
  throw new UsageError(
    'nothing to change: give --role, --add-role, --remove-role or --no-roles',
    'see mcrsrv account update --help',
  );
}

function changedRoles(roles: readonly string[], options: RoleArguments): string[] {
  const { role, 'add-role': added = [], 'remove-role': removed = [], 'no-roles': none } = options;
  if (none === true) return [];
  return role ?? [...new Set([...roles, ...added])].filter((it) => !removed.includes(it));
}
