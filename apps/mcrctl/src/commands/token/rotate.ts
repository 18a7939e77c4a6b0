import { defineCommand } from '../../cli/command.ts';
import { parseSeconds } from '../../settings/duration.ts';
import {
  accountOption,
  expiresOption,
  expiryOf,
  findToken,
  newTokenFields,
  printSecret,
  tokenArgument,
} from './token.ts';

/** `mcrctl token rotate`: TokenService.RotateToken. Prints the new secret on stdout. */
export const tokenRotateCommand = defineCommand({
  name: 'token rotate <name>',
  describe: 'Give a token a new secret, and print it; the present one works for another day',
  positionals: tokenArgument,
  options: {
    ...accountOption,
    overlap: {
      type: 'string',
      requiresArg: true,
      default: '24h',
      value: 'DURATION',
      describe: 'How long the present secret works, such as 1h; 0s: not any more',
    },
    ...expiresOption,
  },
  examples: [
    ['mcrctl token rotate deploy --account ci', 'Change over the clients within a day'],
    ['mcrctl token rotate laptop --overlap 0s', 'The secret has leaked: it stops working at once'],
  ],
  fields: newTokenFields,
  async run(context, { name, account, overlap, expires, json }) {
    const seconds = parseSeconds(overlap, '--overlap');
    const expiresAt = expiryOf(expires);
    const api = await context.client();
    const { id } = await findToken(api, name, account);
    const input = { id, overlap_seconds: seconds, ...(expiresAt !== undefined && { expires_at: expiresAt }) };
    const { token, secret } = await api.call('tokens.rotateToken', input, { to: `rotate the token ${name}` });
    context.print.say(`Rotated the token ${name}`);
    printSecret(context, api.server, { token, secret, json });
  },
});
