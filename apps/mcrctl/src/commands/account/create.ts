import { defineCommand } from '../../cli/command.ts';
import { readNewPassword } from '../../input/password.ts';
import { accountFields } from './account.ts';

/** `mcrctl account create`: AdminService.CreateAccount. */
export const accountCreateCommand = defineCommand({
  name: 'account create <username>',
  describe: 'Create an account; its password is asked for twice, or read from a pipe',
  positionals: { username: { describe: 'Name of lower-case letters, digits, . _ -' } },
  options: {
    type: {
      type: 'string',
      requiresArg: true,
      choices: ['human', 'system'],
      default: 'human',
      describe: 'Type of the account',
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
  async run({ io, print, rpc }, { username, type, role }) {
    const { createAccount } = await import('./client.ts');
    const client = await rpc();
    const password = await readNewPassword(io.stdin, username);
    const account = await createAccount(client, { username, accountType: type, roles: [...role], password });
    print.say(`Created the account ${username}`);
    print.item(accountFields, account);
  },
});
