import type { RestClient } from '../../rest/client.ts';
import { repositoryPath } from '../repo/client.ts';
import type { Tag } from './tag.ts';

/** `GET /v1/repositories/{name}/tags`. */
export function listTags(rest: RestClient, repository: string, limit?: number): AsyncGenerator<readonly Tag[]> {
  const request = { path: `${repositoryPath(repository)}/tags`, to: `list the tags of ${repository}`, names: true };
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
