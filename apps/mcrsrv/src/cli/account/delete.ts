import { defineCommand } from '../command.ts';
import { confirmByName } from '../input.ts';
import { configOption } from '../options.ts';
import { say } from '../output.ts';
import { nameArgument, yesOption } from './options.ts';

/** `mcrsrv account delete` */
export const accountDeleteCommand = defineCommand({
  name: 'account delete <name>',
  oldNames: ['account remove'],
  describe: 'Delete an account; what it pushed stays',
  positionals: nameArgument,
  options: { ...configOption, ...yesOption },
  examples: [['mcrsrv account delete alice', 'Asks to type the name']],
  run: async ({ config, name, yes }) => {
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
});
