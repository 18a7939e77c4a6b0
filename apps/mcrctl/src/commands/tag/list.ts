import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import { listTags } from './client.ts';
import { tagFields } from './tag.ts';

/** `mcrctl tag list`: `GET /v1/repositories/{name}/tags`. */
export const tagListCommand = defineCommand({
  name: 'tag list <repository>',
  describe: 'List the tags of a repository, by version, with what they point to',
  positionals: repositoryArgument,
  options: {
    ...limitOption,
    sort: {
      type: 'string',
      requiresArg: true,
      choices: ['version', 'name'],
      default: 'version',
      describe: 'Order: by the versions in the names (1.9 before 1.10), or bytewise by name',
    },
  },
  examples: [
    ['mcrctl tag list team/app', 'See the tags'],
    ['mcrctl tag list team/app --json name,digest', 'What each tag points to, for a script'],
  ],
  fields: tagFields,
  async run({ print, rest }, { repository, limit, sort }) {
    const client = await rest();
    const name = parseRepository(repository, client.server);
    const pages = listTags(client, name, { limit: parseCount(limit, '--limit'), sort });
    await print.list(tagFields, pages, `There are no tags in ${repository}`);
  },
});
