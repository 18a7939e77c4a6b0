import { defineCommand } from '../../cli/command.ts';
import { confirmDestruction, yesOption } from '../../input/confirm.ts';
import { accountArgument, accountFields } from './account.ts';

/** `mcrctl account delete`: AdminService.DeleteAccount. Prints what it deleted with `--json`. */
export const accountDeleteCommand = defineCommand({
  name: 'account delete <username>',
  describe: 'Delete an account, with its tokens; what it pushed stays',
  positionals: accountArgument,
  options: yesOption,
  examples: [
    ['mcrctl account delete alice', 'Delete it after typing its name'],
    ['mcrctl account delete ci --yes', 'Delete it from a script'],
  ],
  fields: accountFields,
  async run({ io, print, rpc }, { username, yes, json }) {
    const { deleteAccount, findAccount } = await import('./client.ts');
    const client = await rpc();
    const account = await findAccount(client, username);
    await confirmDestruction(io.stdin, { what: `delete the account ${username}`, name: username, yes });
    await deleteAccount(client, account);
    print.say(`Deleted the account ${username}; what it pushed stays`);
    if (json !== undefined) print.item(accountFields, account);
  },
});
