import { needed } from '../../api/json.ts';
import { type Command, defineCommand } from '../../cli/command.ts';
import { findIdentity, identityArgument, identityFields } from './list.ts';

/** `mcrctl identity block`: AdminService.UpdateIdentity; tokens stop working immediately. */
export const identityBlockCommand = switchCommand('block', true, 'Block a person, with all tokens');
/** `mcrctl identity unblock`. */
export const identityUnblockCommand = switchCommand('unblock', false, 'Let a blocked person sign in again');

function switchCommand(verb: string, blocked: boolean, describe: string): Command {
  return defineCommand({
    name: `identity ${verb} <username>`,
    describe,
    positionals: identityArgument,
    options: {},
    examples: [[`mcrctl identity ${verb} alice`, describe]],
    fields: identityFields,
    async run({ print, client }, { username, json }) {
      const api = await client();
      const { id } = await findIdentity(api, username);
      const { identity } = await api.call('admin.updateIdentity', { id, blocked }, { to: `${verb} ${username}` });
      print.say(`${username} is ${verb}ed`);
      if (json !== undefined) print.item(identityFields, needed(identity, 'identity'));
    },
  });
}
