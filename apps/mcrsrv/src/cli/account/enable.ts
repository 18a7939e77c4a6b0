import type { CommandModule } from 'yargs';
import { configOption } from '../options.ts';
import { say } from '../output.ts';
import { type AccountArguments, nameArgument, yesOption } from './options.ts';

/** `mcrsrv account enable` */
export const accountEnableCommand = switchCommand('enable', true, 'Let an account log in again');
/** `mcrsrv account disable`: its tokens stop working at once, too. */
export const accountDisableCommand = switchCommand('disable', false, 'Lock an account out, with all its tokens');

type SwitchArguments = AccountArguments & { readonly yes: boolean };

function switchCommand(verb: string, enabled: boolean, describe: string): CommandModule<unknown, SwitchArguments> {
  return {
    command: `${verb} <name>`,
    describe,
    builder: (args) =>
      args
        .positional('name', nameArgument)
        .options(configOption)
        .options(yesOption)
        .example(`$0 account ${verb} alice`, describe.toLowerCase()),
    handler: async ({ config, name, yes }) => {
      const [{ confirmLastAdmin, withAccounts }, { updateAccount }] = await Promise.all([
        import('./accounts.ts'),
        import('../../admin/accounts/update.ts'),
      ]);
      await withAccounts(config, async ({ find, run }) => {
        const { id } = await find(name);
        await confirmLastAdmin(name, yes, (call) => run(updateAccount, { id, enabled }, call));
      });
      say(`${name} is ${verb}d`);
    },
  };
}
