import { defineCommand } from '../command.ts';
import { readNewPassword } from '../input.ts';
import { configOption } from '../options.ts';
import { say } from '../output.ts';
import { nameArgument, passwordOptions } from './options.ts';

/** `mcrsrv account passwd` */
export const accountPasswdCommand = defineCommand({
  name: 'account passwd <name>',
  describe: 'Set a new password, which ends the logins of the account',
  positionals: nameArgument,
  options: { ...configOption, ...passwordOptions },
  examples: [['mcrsrv account passwd alice', 'Asks for it twice']],
  run: async ({ config, name, 'password-stdin': fromStdin }) => {
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
});
