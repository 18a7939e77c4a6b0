import { defineCommand } from '../../cli/command.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import { getRepository, repositoryFields } from './repository.ts';

/** `mcrctl repo get`: `GET /v1/repositories/{name}`. */
export const repoGetCommand = defineCommand({
  name: 'repo get <repository>',
  oldNames: ['repo show'],
  describe: 'Show a repository',
  positionals: repositoryArgument,
  options: {},
  examples: [['mcrctl repo get team/app', 'See how large it is and when it was last pushed to']],
  fields: repositoryFields,
  async run({ print, client }, { repository }) {
    const api = await client();
    const name = parseRepository(repository, api.server);
    print.item(repositoryFields, await getRepository(api, name, 'show'));
  },
});
