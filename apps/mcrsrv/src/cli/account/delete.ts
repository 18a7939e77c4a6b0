import type { CommandModule } from 'yargs';
import { confirmByName } from '../input.ts';
import { configOption } from '../options.ts';
import { say } from '../output.ts';
import { type AccountArguments, nameArgument, yesOption } from './options.ts';

/** `mcrsrv account delete` */
export const accountDeleteCommand: CommandModule<unknown, AccountArguments & { yes: boolean }> = {
  command: 'delete <name>',
  describe: 'Delete an account; what it pushed stays',
  builder: (args) =>
    args
      .positional('name', nameArgument)
      .options(configOption)
      .options(yesOption)
      .example('$0 account delete alice', 'asks to type the name'),
  handler: async ({ config, name, yes }) => {
    const [{ confirmLastAdmin, withAccounts }, { deleteAccount }] = await Promise.all([
      import('./accounts.ts'),
      import('../../admin/accounts/delete.ts'),
    ]);
    await withAccounts(config, async ({ find, run }) => {
      const { id } = await find(name);
      await confirmByName(`delete the account ${name}`, name, yes);
      await confirmLastAdmin(name, yes, (call) => run(deleteAccount, { id }, call));
    });
    say(`${name} is deleted`);
  },
};
