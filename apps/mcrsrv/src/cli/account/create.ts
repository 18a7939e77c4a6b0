import { defineCommand } from '../command.ts';
import { readNewPassword } from '../input.ts';
import { configOption } from '../options.ts';
import { print } from '../output.ts';
import { jsonOption, nameArgument, passwordOptions } from './options.ts';

/** `mcrsrv account create`: prints the new account's UUID, which policy rules call its subject. */
export const accountCreateCommand = defineCommand({
  name: 'account create <name>',
  oldNames: ['account add'],
  describe: 'Create an account, and print its UUID',
  positionals: nameArgument,
  options: {
    ...configOption,
    ...passwordOptions,
    type: {
      type: 'string',
      requiresArg: true,
      choices: ['human', 'system'],
      default: 'human',
      describe: 'Kind of account',
    },
    role: {
      type: 'string',
      array: true,
      requiresArg: true,
      default: [] as string[],
      describe: 'Role, such as admin; may be repeated',
    },
    ...jsonOption,
  },
  examples: [
    ['mcrsrv account create alice', 'A person, who may push and pull'],
    ['mcrsrv account create ci --type system --password-stdin < secret', 'A machine, which needs policy rules'],
  ],
  run: async ({ config, name, type, role, json, 'password-stdin': fromStdin }) => {
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
});
