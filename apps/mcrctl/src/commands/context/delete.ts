import { defineCommand } from '../../cli/command.ts';
import { confirmDestruction, yesOption } from '../../input/confirm.ts';
import { contextName, type Profile } from '../../settings/profiles.ts';
import { contextArgument, contextFields, findContext, toContext } from './context.ts';

/** `mcrctl context delete`: forgets a stored login on this machine, without asking the registry. */
export const contextDeleteCommand = defineCommand({
  name: 'context delete <name>',
  describe: 'Forget a registry and the login to it; mcrctl logout also revokes the token',
  positionals: contextArgument,
  options: yesOption,
  examples: [
    ['mcrctl context delete old', 'Forget a registry that is gone'],
    ['mcrctl context delete old --yes', 'Forget it although its token is still valid'],
  ],
  fields: contextFields,
  async run({ io, print, settings }, { name, yes, json }) {
    const { profiles } = settings();
    const profile = findContext(profiles, name);
    const context = toContext(profile, profiles.current());
    if (isLoggedIn(profile, io.clock.now())) {
      const what = `forget the context ${name}, whose token stays valid until ${profile.expires_at}`;
      await confirmDestruction(io.stdin, { what, name, yes });
    }
    profiles.remove(profile);
    print.say(`Forgot the context ${contextName(profile)}${context.current ? ', which was in use' : ''}`);
    if (json !== undefined) print.item(contextFields, context);
  },
});

function isLoggedIn({ token, expires_at: end }: Profile, now: number): boolean {
  return token !== undefined && !(Date.parse(end ?? '') <= now);
}
