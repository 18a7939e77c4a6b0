import { defineCommand } from '../../cli/command.ts';
import { usageError } from '../../cli/errors.ts';
import { readNewPassword } from '../../input/password.ts';
import { accountFields } from './list.ts';
import { changeOwnPassword } from './own-password.ts';
import { findAccount, updateAccount } from './stored.ts';

/** `mcrctl account passwd`: AuthService.ChangePassword for one's own account, AdminService.UpdateAccount for others. */
export const accountPasswdCommand = defineCommand({
  name: 'account passwd [username]',
  describe: 'Change your own password, or set that of another account; ends the logins of that account',
  positionals: {
    username: {
      describe: 'Account whose password to set, as an admin (default: your own account, with its current password)',
      complete: 'account',
      optional: true,
    },
  },
  options: {},
  examples: [
    ['mcrctl account passwd', 'Change your own; prompts for the current one'],
    ['mcrctl account passwd < two-lines', 'The same from a script: the current one, and the new one on the next line'],
    ['mcrctl account passwd alice', 'Set that of alice, as an admin'],
    ['mcrctl account passwd ci < password-file', 'Read it from a file'],
  ],
  fields: accountFields,
  async run(context, { username, json }) {
    if (username === undefined) {
      if (json !== undefined)
        throw usageError('changing your own password has no JSON output', 'name an account, or omit --json');
      return await changeOwnPassword(context);
    }
    const { io, print, client } = context;
    const api = await client();
    const found = await findAccount(api, username);
    const password = await readNewPassword(io.stdin, username);
    const account = await updateAccount(api, found, { password });
    print.say(`Changed the password of ${username}`);
    if (json !== undefined) print.item(accountFields, account);
  },
});
