import { defineCommand } from '../../cli/command.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import { getRepository } from './client.ts';
import { repositoryFields } from './repository.ts';

/** `mcrctl repo show`: `GET /v1/repositories/{name}`. */
export const repoShowCommand = defineCommand({
  name: 'repo show <repository>',
  describe: 'Show a repository in numbers',
  positionals: repositoryArgument,
  options: {},
  examples: [['mcrctl repo show team/app', 'See how large it is and when it was last pushed to']],
  fields: repositoryFields,
  async run({ print, rest }, { repository }) {
    const client = await rest();
    print.item(repositoryFields, await getRepository(client, parseRepository(repository, client.server)));
  },
});
