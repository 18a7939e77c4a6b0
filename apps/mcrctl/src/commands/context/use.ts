import { defineCommand } from '../../cli/command.ts';
import { contextName } from '../../settings/profiles.ts';
import { contextArgument, contextFields, findContext, toContext } from './context.ts';

/** `mcrctl context use`: makes a stored login the one that commands use without --context and --server. */
export const contextUseCommand = defineCommand({
  name: 'context use <name>',
  describe: 'Use another login in the commands that follow',
  positionals: contextArgument,
  options: {},
  examples: [
    ['mcrctl context use prod', 'Change over to it'],
    ['mcrctl context use registry.example.com:8443', 'The same for a login without a name of its own'],
  ],
  fields: contextFields,
  async run({ io, print, settings }, { name, json }) {
    const { profiles } = settings();
    const profile = findContext(profiles, name);
    profiles.select(profile);
    const account = profile.username === undefined ? ', logged out' : ` as ${profile.username}`;
    print.say(`Using ${contextName(profile)}: ${profile.server}${account}`);
    for (const variable of ['MCR_CONTEXT', 'MCR_SERVER', 'MCR_TOKEN']) {
      if (io.env[variable]) print.say(`${variable} is set and takes precedence`);
    }
    if (json !== undefined) print.item(contextFields, toContext(profile, contextName(profile)));
  },
});
