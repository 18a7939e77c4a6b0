import { needed } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import { repositoryFields } from './repository.ts';

/** `mcrctl repo update`: RegistryService.UpdateRepository. */
export const repoUpdateCommand = defineCommand({
  name: 'repo update <repository>',
  describe: 'Change the description of a repository',
  positionals: repositoryArgument,
  options: {
    description: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      value: 'TEXT',
      describe: "One line of text; '' removes the description",
    },
  },
  examples: [
    ["mcrctl repo update team/app --description 'The shop, and its workers'", 'Set the description'],
    ["mcrctl repo update team/app --description ''", 'Remove the description'],
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
