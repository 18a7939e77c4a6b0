import type { Repository } from '@mcr/rpc/mcr/v1/registry_pb';
import type { Client } from '../../api/client.ts';
import { type Json, needed } from '../../api/json.ts';
import type { Field } from '../../output/field.ts';

/** Fields of a repository. */
export const repositoryFields: readonly Field<Json<Repository>>[] = [
  { name: 'name', column: 'NAME', describe: 'Name', reference: ({ name }) => name },
  { name: 'tag_count', kind: 'number', column: 'TAGS', describe: 'Number of tags' },
  {
    name: 'manifest_count',
    kind: 'number',
    column: 'MANIFESTS',
    describe: 'Number of manifests, including untagged ones',
  },
  {
    name: 'total_size',
    kind: 'size',
    column: 'SIZE',
    describe: 'Total bytes of its manifests and of the distinct blobs that they reference',
  },
  {
    name: 'last_push_at',
    kind: 'time',
    column: 'LAST PUSH',
    none: 'never',
    describe: 'Time of the last push of a manifest',
  },
  { name: 'created_at', kind: 'time', describe: 'Time of the first push' },
  { name: 'description', describe: 'Description' },
];

/** RegistryService.GetRepository. `verb` is the purpose, for messages. */
export async function getRepository(client: Client, name: string, verb: string): Promise<Json<Repository>> {
  const about = {
    to: `${verb} the repository ${name}`,
    hints: { missing: 'mcrctl repo list shows the repositories' },
  };
  const { repository } = await client.call('registry.getRepository', { name, page_size: 0 }, about);
  return needed(repository, 'repository');
}
