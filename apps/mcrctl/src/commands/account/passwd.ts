import { defineCommand } from '../../cli/command.ts';
import { readNewPassword } from '../../input/password.ts';
import { accountArgument, accountFields } from './account.ts';

/** `mcrctl account passwd`: AdminService.UpdateAccount. */
export const accountPasswdCommand = defineCommand({
  name: 'account passwd <username>',
  describe: 'Set a new password; it is asked for twice, or read from a pipe',
  positionals: accountArgument,
  options: {},
  examples: [
    ['mcrctl account passwd alice', 'Type it'],
    ['mcrctl account passwd ci < password-file', 'Take it from a file'],
  ],
  fields: accountFields,
  async run({ io, print, rpc }, { username, json }) {
    const { findAccount, updateAccount } = await import('./client.ts');
    const client = await rpc();
    const found = await findAccount(client, username);
    const password = await readNewPassword(io.stdin, username);
    const account = await updateAccount(client, found, { password });
    print.say(`${username} has a new password`);
    if (json !== undefined) print.item(accountFields, account);
  },
});
