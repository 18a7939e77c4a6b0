import { type Command, defineCommand } from '../../cli/command.ts';
import { accountArgument, accountFields } from './list.ts';
import { findAccount, updateAccount } from './stored.ts';

/** `mcrctl account enable`: AdminService.UpdateAccount. */
export const accountEnableCommand = switchCommand('enable', true, 'Enable an account');
/** `mcrctl account disable`: its tokens stop working immediately. */
export const accountDisableCommand = switchCommand('disable', false, 'Disable an account, with all its tokens');

function switchCommand(verb: string, enabled: boolean, describe: string): Command {
  return defineCommand({
    name: `account ${verb} <username>`,
    describe,
    positionals: accountArgument,
    options: {},
    examples: [[`mcrctl account ${verb} alice`, describe]],
    fields: accountFields,
    async run({ print, client }, { username, json }) {
      const api = await client();
      const account = await updateAccount(api, await findAccount(api, username), { enabled });
      print.say(`${username} is ${verb}d`);
      if (json !== undefined) print.item(accountFields, account);
    },
  });
}
