import type { CommandModule } from 'yargs';
import { readNewPassword } from '../input.ts';
import { configOption } from '../options.ts';
import { say } from '../output.ts';
import { type AccountArguments, nameArgument, passwordOptions } from './options.ts';

/** `mcrsrv account passwd` */
export const accountPasswdCommand: CommandModule<unknown, AccountArguments & { 'password-stdin': boolean }> = {
  command: 'passwd <name>',
  describe: 'Set a new password, which ends the logins of the account',
  builder: (args) =>
    args
      .positional('name', nameArgument)
      .options(configOption)
      .options(passwordOptions)
      .example('$0 account passwd alice', 'asks for it twice'),
  handler: async ({ config, name, 'password-stdin': fromStdin }) => {
    const [{ withAccounts }, { updateAccount }] = await Promise.all([
      import('./accounts.ts'),
      import('../../admin/accounts/update.ts'),
    ]);
    await withAccounts(config, async ({ find, run }) => {
      const { id } = await find(name);
      await run(updateAccount, { id, password: await readNewPassword(fromStdin) });
    });
    say(`${name} has a new password`);
  },
};
