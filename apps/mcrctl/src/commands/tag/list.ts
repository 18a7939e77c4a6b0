import type { Tag, TagDetails } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Client } from '../../api/client.ts';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import { briefPlatform } from '../../output/brief.ts';
import type { Field } from '../../output/field.ts';
import { filterOf, filterOptions } from './list-filter.ts';

/** A tag with the details of its manifest, and where it is. */
export interface ListedTag extends Omit<Json<Tag>, 'details'>, Partial<Json<TagDetails>> {
  readonly repository: string;
}

/** Fields of a tag. */
export const tagFields: readonly Field<ListedTag>[] = [
  {
    name: 'name',
    column: 'TAG',
    describe: 'Name',
    reference: ({ repository, name }) => `${repository}:${name}`,
  },
  {
    name: 'digest',
    kind: 'digest',
    column: 'DIGEST',
    spare: true,
    describe: 'Digest of the manifest that it points to',
  },
  {
    name: 'platforms',
    kind: 'list',
    column: 'PLATFORMS',
    spare: true,
    brief: ({ platforms = [] }) => platforms.map(briefPlatform).join(', '),
    describe: 'Platforms of the image',
  },
  {
    name: 'total_size',
    kind: 'size',
    column: 'SIZE',
    describe: 'Total bytes of the distinct blobs of the image, of all its platforms',
  },
  { name: 'updated_at', kind: 'time', column: 'UPDATED', describe: 'Time of the last change' },
  {
    name: 'last_pulled_at',
    kind: 'time',
    column: 'LAST PULL',
    describe: 'Time of the last pull by this tag; null if there was none since this is recorded',
  },
  {
    name: 'pushed_by',
    column: 'PUSHED BY',
    wide: true,
    describe: 'Name of the account that set it last, as far as known',
  },
  {
    name: 'last_pulled_by',
    describe: 'Name of the account of the last pull; null unless the caller is an admin or a delegate there',
  },
  {
    name: 'image_pulled_at',
    kind: 'time',
    column: 'IMAGE PULL',
    wide: true,
    describe: 'Time of the last pull of the image, by any tag or by its digest',
  },
  {
    name: 'image_pulled_by',
    describe: 'Name of the account of that pull; null unless the caller is an admin or a delegate there',
  },
  {
    name: 'attached',
    kind: 'list',
    column: 'ATTACHED',
    wide: true,
    describe: 'Kinds of what is attached, unverified: `signature`, `sbom`, `attestation`, `scan`',
  },
  {
    name: 'artifact_type',
    column: 'ARTIFACT TYPE',
    wide: true,
    describe: 'Artifact type of the manifest, or the media type of its config',
  },
  { name: 'media_type', column: 'MEDIA TYPE', wide: true, describe: 'Media type of the manifest' },
  { name: 'size', kind: 'size', describe: 'Size of the manifest itself in bytes' },
  { name: 'image_tags', kind: 'number', describe: 'Number of tags of the image' },
  { name: 'repository', describe: 'Repository' },
];

/** `mcrctl tag list`: RegistryService.ListTags. */
export const tagListCommand = defineCommand({
  name: 'tag list <repository>',
  describe: 'List the tags of a repository with their images, by version',
  positionals: repositoryArgument,
  options: {
    ...limitOption,
    ...filterOptions,
    sort: {
      type: 'string',
      requiresArg: true,
      choices: ['version', 'newest-version', 'name'],
      default: 'version',
      describe:
        'Sort by the versions in the names (1.9 before 1.10), by image with the newest version first, or bytewise by name',
    },
  },
  examples: [
    ['mcrctl tag list team/app', 'See the tags'],
    ["mcrctl tag list team/app --match 'pr-*' --older-than 30d", 'See what could be deleted'],
    ['mcrctl tag list team/app --json name,digest', 'See what each tag points to, for a script'],
  ],
  fields: tagFields,
  async run({ io, print, client }, { repository: text, limit, sort, ...args }) {
    const filter = filterOf(args, io.clock.now());
    const api = await client();
    const repository = parseRepository(text, api.server);
    const order = sort.replace('-', '_');
    const pages = listTags(api, repository, { sort: order, filter, limit: parseCount(limit, '--limit') });
    await print.list(
      tagFields,
      pages,
      `No ${Object.keys(filter).length === 0 ? 'tags' : 'matching tags'} in ${repository}`,
    );
  },
});

interface ListOptions {
  readonly sort: string;
  readonly limit?: number | undefined;
  /** What the registry leaves out; by default nothing. */
  readonly filter?: ReturnType<typeof filterOf>;
}

/** RegistryService.ListTags, with the details of each tag. */
export function listTags(
  client: Client,
  repository: string,
  { sort, limit, filter }: ListOptions,
): AsyncGenerator<readonly ListedTag[]> {
  const about = { to: `list the tags of ${repository}`, limit };
  return client.pages('registry.listTags', { repository, sort, details: true, ...filter }, about, ({ tags }) =>
    tags.map(({ details, ...tag }) => ({ ...details, ...tag, repository })),
  );
}
