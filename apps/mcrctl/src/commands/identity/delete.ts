import { defineCommand } from '../../cli/command.ts';
import { confirmDestruction, yesOption } from '../../input/confirm.ts';
import { findIdentity, identityArgument, identityFields } from './list.ts';

/** `mcrctl identity delete`: AdminService.DeleteIdentity. Prints the removed person with `--json`. */
export const identityDeleteCommand = defineCommand({
  name: 'identity delete <username>',
  describe: 'Remove a person and their tokens, so that the name is free; pushed content remains',
  positionals: identityArgument,
  options: yesOption,
  examples: [['mcrctl identity delete alice', 'Remove the person after confirmation']],
  fields: identityFields,
  async run({ io, print, client }, { username, yes, json }) {
    const api = await client();
    const identity = await findIdentity(api, username);
    const to = `delete the identity ${username}`;
    await confirmDestruction(io.stdin, { what: to, name: username, yes });
    await api.call('admin.deleteIdentity', { id: identity.id }, { to });
    print.say(`Deleted the identity ${username}; a later sign-in makes a new one with another id`);
    if (json !== undefined) print.item(identityFields, identity);
  },
});
