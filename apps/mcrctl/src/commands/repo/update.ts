import { needed } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import { repositoryFields } from './repository.ts';

/** `mcrctl repo update`: RegistryService.UpdateRepository. */
export const repoUpdateCommand = defineCommand({
  name: 'repo update <repository>',
  describe: 'Say what a repository is for',
  positionals: repositoryArgument,
  options: {
    description: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      value: 'TEXT',
      describe: "What it is for, in one line; '' takes the description away",
    },
  },
  examples: [
    ["mcrctl repo update team/app --description 'The shop, and its workers'", 'Describe it'],
    ["mcrctl repo update team/app --description ''", 'Take the description away'],
  ],
  fields: repositoryFields,
  async run({ print, client }, { repository, description, json }) {
    const api = await client();
    const name = parseRepository(repository, api.server);
    const about = {
      to: `describe the repository ${name}`,
      hints: { missing: 'mcrctl repo list shows the repositories' },
    };
    const updated = await api.call('registry.updateRepository', { name, description }, about);
    print.say(description === '' ? `${name} has no description` : `Described the repository ${name}`);
    if (json !== undefined) print.item(repositoryFields, needed(updated.repository, 'repository'));
  },
});
