import { defineCommand } from '../../cli/command.ts';
import { usageError } from '../../cli/errors.ts';
import { accountArgument, accountFields } from './list.ts';
import { findAccount, updateAccount } from './stored.ts';

/** The options that specify roles. */
interface RoleOptions {
  readonly role?: readonly string[] | undefined;
  readonly 'add-role'?: readonly string[] | undefined;
  readonly 'remove-role'?: readonly string[] | undefined;
  readonly 'no-roles': boolean;
}

const list = { type: 'string', array: true, requiresArg: true } as const;

/** `mcrctl account update`: AdminService.UpdateAccount. */
export const accountUpdateCommand = defineCommand({
  name: 'account update <username>',
  describe: 'Change the roles of an account, effective immediately',
  positionals: accountArgument,
  options: {
    role: { ...list, describe: 'The complete new roles; may be repeated' },
    'add-role': { ...list, describe: 'Role to add; may be repeated' },
    'remove-role': { ...list, describe: 'Role to remove; may be repeated' },
    'no-roles': { type: 'boolean', default: false, describe: 'Remove all roles' },
  },
  examples: [
    ['mcrctl account update ci --add-role deploy', 'Add a role and keep the others'],
    ['mcrctl account update alice --role user --role release', 'Replace all of its roles'],
  ],
  fields: accountFields,
  async run({ print, client }, { username, json, ...options }) {
    const rolesOf = readRoles(options);
    const api = await client();
    const found = await findAccount(api, username);
    const account = await updateAccount(api, found, { roles: rolesOf(found.roles) });
    print.say(`${username} has ${account.roles.length === 0 ? 'no roles' : `the roles ${account.roles.join(', ')}`}`);
    if (json !== undefined) print.item(accountFields, account);
  },
});

/**
 * The roles that result from the options and the current ones. Throws a usage error if the options are missing or
 * contradictory.
 */
function readRoles(options: RoleOptions): (roles: readonly string[]) => readonly string[] {
  const { role, 'add-role': added = [], 'remove-role': removed = [], 'no-roles': none } = options;
  const ways = [role !== undefined, added.length + removed.length > 0, none].filter(Boolean);
  if (ways.length === 0) throw usageError('nothing to change', 'give --role, --add-role, --remove-role or --no-roles');
  if (ways.length > 1) {
    throw usageError('contradictory role options', 'give --role or --no-roles, or add and remove roles');
  }
  if (role !== undefined) return () => role;
  if (none) return () => [];
  return (roles) => [...new Set([...roles, ...added])].filter((it) => !removed.includes(it));
}
