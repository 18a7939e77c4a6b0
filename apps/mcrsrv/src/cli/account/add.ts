import { randomUUID } from 'node:crypto';
import { checkPassword, hashPassword } from '@mcr/auth';
import { isAccountName, isRole } from '@mcr/core';
import type { CommandModule } from 'yargs';
import { readNewPassword } from '../input.ts';
import { cliChange, configOption, withAccounts } from '../options.ts';
import { CliError, print } from '../output.ts';
import { type AccountArguments, nameArgument, passwordOptions } from './options.ts';

interface AddArguments extends AccountArguments {
  readonly type: 'human' | 'system';
  readonly role: string[];
  readonly 'password-stdin': boolean;
}

/** `mcrsrv account add`: prints the new account's UUID, which policy rules call its subject. */
export const accountAddCommand: CommandModule<unknown, AddArguments> = {
  command: 'add <name>',
  describe: 'Create an account',
  builder: (args) =>
    args
      .positional('name', nameArgument)
      .options(configOption)
      .options(passwordOptions)
      .option('type', { choices: ['human', 'system'] as const, default: 'human' as const, describe: 'Kind of account' })
      .option('role', { type: 'string', array: true, default: [], describe: 'Role, such as admin; may be repeated' })
      .example('$0 account add alice', 'a person, who may push and pull')
      .example('$0 account add ci --type system --password-stdin < secret', 'a machine, which needs policy rules'),
  handler: async ({ config, name, type, role, 'password-stdin': fromStdin }) => {
    if (!isAccountName(name)) {
      throw new CliError(`The name ${JSON.stringify(name)} must be of a-z 0-9 . _ - and begin with a letter or digit`);
    }
    const odd = role.find((it) => !isRole(it));
    if (odd !== undefined) throw new CliError(`invalid role ${JSON.stringify(odd)}: a role is of a-z 0-9 . _ -`);
    const id = await withAccounts(config, async (store) => {
      const password = await readNewPassword(fromStdin);
      checkPassword(password);
      const account = {
        id: randomUUID(),
        username: name,
        type,
        roles: role,
        passwordHash: await hashPassword(password),
      };
      await store.createAccount({ ...cliChange(), account });
      return account.id;
    });
    print(id);
  },
};
