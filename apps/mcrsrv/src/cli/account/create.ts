import type { CommandModule } from 'yargs';
import { readNewPassword } from '../input.ts';
import { configOption } from '../options.ts';
import { print } from '../output.ts';
import { type AccountArguments, jsonOption, nameArgument, passwordOptions } from './options.ts';

interface CreateArguments extends AccountArguments {
  readonly type: 'human' | 'system';
  readonly role: string[];
  readonly json: boolean;
  readonly 'password-stdin': boolean;
}

/** `mcrsrv account create`: prints the new account's UUID, which policy rules call its subject. */
export const accountCreateCommand: CommandModule<unknown, CreateArguments> = {
  command: 'create <name>',
  describe: 'Create an account, and print its UUID',
  builder: (args) =>
    args
      .positional('name', nameArgument)
      .options(configOption)
      .options(passwordOptions)
      .option('type', { choices: ['human', 'system'] as const, default: 'human' as const, describe: 'Kind of account' })
      .option('role', { type: 'string', array: true, default: [], describe: 'Role, such as admin; may be repeated' })
      .options(jsonOption)
      .example('$0 account create alice', 'a person, who may push and pull')
      .example('$0 account create ci --type system --password-stdin < secret', 'a machine, which needs policy rules'),
  handler: async ({ config, name, type, role, json, 'password-stdin': fromStdin }) => {
    const [{ printAccount, withAccounts }, { createAccount }] = await Promise.all([
      import('./accounts.ts'),
      import('../../admin/accounts/create.ts'),
    ]);
    await withAccounts(config, async ({ check, run }) => {
      const request = { username: name, accountType: type, roles: role };
      check(createAccount, request);
      const password = await readNewPassword(fromStdin);
      const { account } = await run(createAccount, { ...request, password });
      if (json) printAccount(account!);
      else print(account!.id);
    });
  },
};
