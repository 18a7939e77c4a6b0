import { defineCommand } from '../../cli/command.ts';
import { confirmDestruction, yesOption } from '../../input/confirm.ts';
import { accountOption, findToken, tokenArgument, tokenFields } from './token.ts';

/** `mcrctl token revoke`: TokenService.RevokeToken. Prints the revoked token with `--json`. */
export const tokenRevokeCommand = defineCommand({
  name: 'token revoke <name>',
  describe: 'Revoke a token: clients that use it are rejected with their next request',
  positionals: tokenArgument,
  options: { ...accountOption, ...yesOption },
  examples: [
    ['mcrctl token revoke laptop', 'Revoke it after confirmation'],
    ['mcrctl token revoke deploy --account ci --yes', 'Revoke the token of a robot from a script'],
  ],
  fields: tokenFields,
  async run({ io, print, client }, { name, account, yes, json }) {
    const api = await client();
    const token = await findToken(api, name, account);
    const to = `revoke the token ${token.name} of ${token.username}`;
    await confirmDestruction(io.stdin, { what: to, name: token.name, yes });
    await api.call('tokens.revokeToken', { id: token.id }, { to });
    print.say(`Revoked the token ${token.name} of ${token.username}`);
    if (json !== undefined) print.item(tokenFields, token);
  },
});
