import { defineCommand } from '../../cli/command.ts';
import { type Caller, callerFields } from './caller.ts';

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
  async run({ print, rpc, settings }) {
    const { getCaller } = await import('./client.ts');
    const caller: Caller = await getCaller(await rpc());
    print.item(callerFields, { server: settings().server.value ?? '', ...caller });
  },
});
