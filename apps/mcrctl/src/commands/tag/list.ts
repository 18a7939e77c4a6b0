import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import { tagFields } from './tag.ts';

/** `mcrctl tag list`: RegistryService.ListTags. */
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
  async run({ print, client }, { repository: text, limit, sort }) {
    const api = await client();
    const repository = parseRepository(text, api.server);
    const about = { to: `list the tags of ${repository}`, limit: parseCount(limit, '--limit') };
    const pages = api.pages('registry.listTags', { repository, sort }, about, ({ tags }) => tags);
    await print.list(tagFields, pages, `There are no tags in ${repository}`);
  },
});
