import { needed } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { readNewPassword } from '../../input/password.ts';
import { accountFields } from './list.ts';

/** `mcrctl account create`: AdminService.CreateAccount. */
export const accountCreateCommand = defineCommand({
  name: 'account create <username>',
  oldNames: ['account add'],
  describe: 'Create an account; prompts twice for its password, or reads it from a pipe',
  positionals: { username: { describe: 'Name, of lower-case letters, digits, . _ -' } },
  options: {
    type: {
      type: 'string',
      requiresArg: true,
      choices: ['human', 'system'],
      default: 'human',
      describe: 'Account type',
    },
    role: {
      type: 'string',
      array: true,
      requiresArg: true,
      default: [],
      describe: 'Role, such as admin; may be repeated',
    },
  },
  examples: [
    ['mcrctl account create alice', 'A person, who may push and pull everywhere'],
    ['mcrctl account create ci --type system < password-file', 'A machine, which may do what policy rules allow'],
  ],
  fields: accountFields,
  async run({ io, print, client }, { username, type, role }) {
    const api = await client();
    const password = await readNewPassword(io.stdin, username);
    const input = { username, account_type: type, roles: role, password };
    const hints = { conflict: `mcrctl account passwd ${username} changes the password` };
    const { account } = await api.call('admin.createAccount', input, { to: `create the account ${username}`, hints });
    print.say(`Created the account ${username}`);
    print.item(accountFields, needed(account, 'account'));
  },
});
