import type { RestClient } from '../../rest/client.ts';
import { repositoryPath } from '../repo/client.ts';
import type { Tag } from './tag.ts';

/** `GET /v1/repositories/{name}/tags`: those after `last`, bytewise by name or as told. */
export function listTags(
  rest: RestClient,
  repository: string,
  {
    last,
    limit,
    sort,
  }: {
    readonly last?: string | undefined;
    readonly limit?: number | undefined;
    readonly sort?: string | undefined;
  },
): AsyncGenerator<readonly Tag[]> {
  const request = {
    path: `${repositoryPath(repository)}/tags`,
    query: { last, sort },
    to: `list the tags of ${repository}`,
    names: true,
    shape: { name: 'text', digest: 'text' },
  } as const;
  return rest.pages(request, limit, 'tags');
}

/** `DELETE /v1/repositories/{name}/tags/{tag}`. */
export async function deleteTag(rest: RestClient, repository: string, tag: string): Promise<void> {
  await rest.send({
    method: 'DELETE',
    path: `${repositoryPath(repository)}/tags/${encodeURIComponent(tag)}`,
    to: `delete the tag ${repository}:${tag}`,
    names: true,
    hints: { missing: `mcrctl tag list ${repository} shows its tags` },
  });
}
