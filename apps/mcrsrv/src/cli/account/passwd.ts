import { checkPassword, hashPassword } from '@mcr/auth';
import type { CommandModule } from 'yargs';
import { readNewPassword } from '../input.ts';
import { cliChange, configOption, withAccounts } from '../options.ts';
import { say } from '../output.ts';
import { type AccountArguments, findAccount, nameArgument, passwordOptions } from './options.ts';

/** `mcrsrv account passwd` */
export const accountPasswdCommand: CommandModule<unknown, AccountArguments & { 'password-stdin': boolean }> = {
  command: 'passwd <name>',
  describe: 'Set a new password',
  builder: (args) =>
    args
      .positional('name', nameArgument)
      .options(configOption)
      .options(passwordOptions)
      .example('$0 account passwd alice', 'asks for it twice'),
  handler: async ({ config, name, 'password-stdin': fromStdin }) => {
    await withAccounts(config, async (store) => {
      const { id } = await findAccount(store, name);
      const password = await readNewPassword(fromStdin);
      checkPassword(password);
      await store.updateAccount({ ...cliChange(), id, patch: { passwordHash: await hashPassword(password) } });
    });
    say(`${name} has a new password`);
  },
};
