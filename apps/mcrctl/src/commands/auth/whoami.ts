import { defineCommand } from '../../cli/command.ts';
import { callerFields, getCaller } from './caller.ts';

/** `mcrctl whoami`: AuthService.WhoAmI. */
export const whoamiCommand = defineCommand({
  name: 'whoami',
  describe: 'Show whose token is in use, with which roles, and until when',
  options: {},
  examples: [
    ['mcrctl whoami', 'See who you are'],
    ['mcrctl whoami --json roles', 'See what you may do, for a script'],
  ],
  fields: callerFields,
  async run({ print, client }) {
    const api = await client();
    const { principal, expires_at } = await getCaller(api);
    print.item(callerFields, { server: api.server, ...principal, expires_at });
  },
});
