import type { Layer } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Json } from '../../api/json.ts';
import { defineCommand } from '../../cli/command.ts';
import { limitOption, parseCount } from '../../cli/limit-option.ts';
import { parseRepository, repositoryArgument } from '../../cli/repository-argument.ts';
import type { Field } from '../../output/field.ts';

/** A layer, and where it is. */
type ListedLayer = Json<Layer> & { readonly repository: string };

/** Fields of a layer. */
const layerFields: readonly Field<ListedLayer>[] = [
  {
    name: 'digest',
    kind: 'digest',
    column: 'DIGEST',
    describe: 'Digest',
    reference: ({ repository, digest }) => `${repository}@${digest}`,
  },
  { name: 'size', kind: 'size', column: 'SIZE', describe: 'Size as it is stored, in bytes' },
  {
    name: 'images',
    kind: 'number',
    column: 'MANIFESTS',
    describe: 'Manifests of the repository that reference it',
  },
  {
    name: 'repositories',
    kind: 'number',
    column: 'REPOSITORIES',
    describe: 'Repositories whose manifests reference it; 1 unless the caller may pull from all',
  },
  { name: 'repository', describe: 'Repository' },
];

/** `mcrctl repo layers`: RegistryService.ListLayers. */
export const repoLayersCommand = defineCommand({
  name: 'repo layers <repository>',
  describe: 'List the layers, configs and files of a repository, the largest first',
  positionals: repositoryArgument,
  options: limitOption,
  examples: [
    ['mcrctl repo layers team/app --limit 20', 'See what makes it large'],
    ['mcrctl repo layers team/app --json digest,size,images', 'The same for a script'],
  ],
  fields: layerFields,
  async run({ print, client }, { repository: text, limit }) {
    const api = await client();
    const repository = parseRepository(text, api.server);
    const about = { to: `list the layers of ${repository}`, limit: parseCount(limit, '--limit') };
    const pages = api.pages('registry.listLayers', { repository }, about, ({ layers }) =>
      layers.map((layer) => ({ ...layer, repository })),
    );
    await print.list(layerFields, pages, `No layers in ${repository}`);
  },
});
