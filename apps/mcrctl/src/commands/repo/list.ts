import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { repositoryFields } from './repository.ts';

/** `mcrctl repo list`: `GET /v1/repositories`. */
export const repoListCommand = defineCommand({
  name: 'repo list',
  describe: 'List the repositories that you may pull from, by name',
  options: {
    search: { type: 'string', requiresArg: true, describe: 'Only names that contain this text' },
    ...limitOption,
  },
  examples: [
    ['mcrctl repo list', 'See what is stored'],
    ['mcrctl repo list --search team/ --json name,total_size', 'Sizes of the repositories of a team, for a script'],
  ],
  fields: repositoryFields,
  async run({ print, client }, { search, limit }) {
    const about = { to: 'list the repositories', limit: parseCount(limit, '--limit') };
    const pages = (await client()).pages('registry.listRepositories', { search }, about, (it) => it.repositories);
    await print.list(repositoryFields, pages, 'No repositories');
  },
});
