import type { Tag } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import type { Field } from '../../output/field.ts';

/** Fields of a tag. */
export const tagFields: readonly Field<Json<Tag>>[] = [
  { name: 'name', column: 'TAG', describe: 'Name' },
  { name: 'digest', kind: 'digest', column: 'DIGEST', describe: 'Digest of the manifest that it points to' },
  { name: 'media_type', column: 'MEDIA TYPE', describe: 'Media type of that manifest' },
  { name: 'size', kind: 'size', column: 'SIZE', describe: 'Size of that manifest itself in bytes' },
  { name: 'updated_at', kind: 'time', column: 'UPDATED', describe: 'Time of the last change' },
];

/** `mcrctl tag list`: RegistryService.ListTags. */
export const tagListCommand = defineCommand({
  name: 'tag list <repository>',
  describe: 'List the tags of a repository with their manifests, by version',
  positionals: repositoryArgument,
  options: {
    ...limitOption,
    sort: {
      type: 'string',
      requiresArg: true,
      choices: ['version', 'name'],
      default: 'version',
      describe: 'Sort by the versions in the names (1.9 before 1.10), or bytewise by name',
    },
  },
  examples: [
    ['mcrctl tag list team/app', 'See the tags'],
    ['mcrctl tag list team/app --json name,digest', 'See what each tag points to, for a script'],
  ],
  fields: tagFields,
  async run({ print, client }, { repository: text, limit, sort }) {
    const api = await client();
    const repository = parseRepository(text, api.server);
    const about = { to: `list the tags of ${repository}`, limit: parseCount(limit, '--limit') };
    const pages = api.pages('registry.listTags', { repository, sort }, about, ({ tags }) => tags);
    await print.list(tagFields, pages, `No tags in ${repository}`);
  },
});
