import type { CommandModule } from 'yargs';
import { confirmByName } from '../input.ts';
import { cliChange, configOption, withAccounts } from '../options.ts';
import { say } from '../output.ts';
import { type AccountArguments, confirmLastAdmin, findAccount, nameArgument, yesOption } from './options.ts';

/** `mcrsrv account remove` */
export const accountRemoveCommand: CommandModule<unknown, AccountArguments & { yes: boolean }> = {
  command: 'remove <name>',
  describe: 'Delete an account; what it pushed stays',
  builder: (args) =>
    args
      .positional('name', nameArgument)
      .options(configOption)
      .options(yesOption)
      .example('$0 account remove alice', 'asks to type the name'),
  handler: async ({ config, name, yes }) => {
    await withAccounts(config, async (store) => {
      const { id } = await findAccount(store, name);
      await confirmByName(`delete the account ${name}`, name, yes);
      await confirmLastAdmin(name, yes, (evenLastAdmin) => store.deleteAccount({ ...cliChange(), id, evenLastAdmin }));
    });
    say(`${name} is deleted`);
  },
};
