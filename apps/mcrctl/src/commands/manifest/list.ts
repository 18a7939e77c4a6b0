import type { Manifest } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import { briefMediaType } from '../../output/brief.ts';
import type { Field } from '../../output/field.ts';

/** A manifest, and where it is. */
export type ListedManifest = Json<Manifest> & { readonly repository: string };

/** Fields of a manifest. */
export const manifestFields: readonly Field<ListedManifest>[] = [
  {
    name: 'digest',
    kind: 'digest',
    column: 'DIGEST',
    describe: 'Digest of its bytes as pushed',
    reference: ({ repository, digest }) => `${repository}@${digest}`,
  },
  {
    name: 'media_type',
    column: 'MEDIA TYPE',
    spare: true,
    brief: (it) => briefMediaType(it.media_type),
    describe: 'Media type',
  },
  {
    name: 'artifact_type',
    column: 'ARTIFACT TYPE',
    brief: (it) => briefMediaType(it.artifact_type ?? ''),
    describe: 'Artifact type, or the media type of the config',
  },
  { name: 'subject', kind: 'digest', column: 'SUBJECT', describe: 'Digest of the manifest that it refers to' },
  { name: 'size', kind: 'size', column: 'SIZE', describe: 'Size of the manifest itself in bytes' },
  { name: 'created_at', kind: 'time', column: 'PUSHED', describe: 'Time of the first push' },
  { name: 'repository', describe: 'Repository' },
];

/** `mcrctl manifest list`: RegistryService.ListManifests. */
export const manifestListCommand = defineCommand({
  name: 'manifest list <repository>',
  describe: 'List the manifests of a repository, including untagged ones, by digest',
  positionals: repositoryArgument,
  options: limitOption,
  examples: [
    ['mcrctl manifest list team/app', 'See its untagged content as well, such as signatures'],
    ['mcrctl manifest list team/app --json digest,subject', 'See what refers to what, for a script'],
  ],
  fields: manifestFields,
  async run({ print, client }, { repository: text, limit }) {
    const api = await client();
    const repository = parseRepository(text, api.server);
    const about = { to: `list the manifests of ${repository}`, limit: parseCount(limit, '--limit') };
    const pages = api.pages('registry.listManifests', { repository }, about, ({ manifests }) =>
      manifests.map((manifest) => ({ ...manifest, repository })),
    );
    await print.list(manifestFields, pages, `No manifests in ${repository}`);
  },
});
