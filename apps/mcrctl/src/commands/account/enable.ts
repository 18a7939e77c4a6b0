import { type Command, defineCommand } from '../../cli/command.ts';
import { accountArgument, accountFields } from './account.ts';

/** `mcrctl account enable`: AdminService.UpdateAccount. */
export const accountEnableCommand = switchCommand('enable', true, 'Let an account log in again');
/** `mcrctl account disable`: its tokens stop working at once, too. */
export const accountDisableCommand = switchCommand('disable', false, 'Lock an account out, with all its tokens');

function switchCommand(verb: string, enabled: boolean, describe: string): Command {
  return defineCommand({
    name: `account ${verb} <username>`,
    describe,
    positionals: accountArgument,
    options: {},
    examples: [[`mcrctl account ${verb} alice`, describe]],
    fields: accountFields,
    async run({ print, rpc }, { username, json }) {
      const { findAccount, updateAccount } = await import('./client.ts');
      const client = await rpc();
      const account = await updateAccount(client, await findAccount(client, username), { enabled });
      print.say(`${username} is ${verb}d`);
      if (json !== undefined) print.item(accountFields, account);
    },
  });
}
