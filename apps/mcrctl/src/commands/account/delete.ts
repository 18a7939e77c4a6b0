import { defineCommand } from '../../cli/command.ts';
import { confirmDestruction, yesOption } from '../../input/confirm.ts';
import { accountArgument, accountFields } from './list.ts';
import { findAccount } from './stored.ts';

/** `mcrctl account delete`: AdminService.DeleteAccount. Prints the deleted account with `--json`. */
export const accountDeleteCommand = defineCommand({
  name: 'account delete <username>',
  oldNames: ['account remove'],
  describe: 'Delete an account and its tokens; its pushed content remains',
  positionals: accountArgument,
  options: yesOption,
  examples: [
    ['mcrctl account delete alice', 'Delete it after confirmation'],
    ['mcrctl account delete ci --yes', 'Delete it from a script'],
  ],
  fields: accountFields,
  async run({ io, print, client }, { username, yes, json }) {
    const api = await client();
    const account = await findAccount(api, username);
    const to = `delete the account ${username}`;
    await confirmDestruction(io.stdin, { what: to, name: username, yes });
    await api.call('admin.deleteAccount', { id: account.id }, { to });
    print.say(`Deleted the account ${username}; its pushed content remains`);
    if (json !== undefined) print.item(accountFields, account);
  },
});
