import { type Command, defineCommand } from '../command.ts';
import { configOption } from '../options.ts';
import { say } from '../output.ts';
import { nameArgument, yesOption } from './options.ts';

/** `mcrsrv account enable` */
export const accountEnableCommand = switchCommand('enable', true, 'Let an account log in again');
/** `mcrsrv account disable`: its tokens stop working at once, too. */
export const accountDisableCommand = switchCommand('disable', false, 'Lock an account out, with all its tokens');

function switchCommand(verb: string, enabled: boolean, describe: string): Command {
  return defineCommand({
    name: `account ${verb} <name>`,
    describe,
    positionals: nameArgument,
    options: { ...configOption, ...yesOption },
    examples: [[`mcrsrv account ${verb} alice`, describe]],
    run: async ({ config, name, yes }) => {
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
  });
}
