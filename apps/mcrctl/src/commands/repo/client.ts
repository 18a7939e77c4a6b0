import type { RestClient } from '../../rest/client.ts';
import type { Repository } from './repository.ts';

const path = '/v1/repositories';

/** Path of a repository, with the slashes of its name encoded. */
export function repositoryPath(name: string): string {
  return `${path}/${encodeURIComponent(name)}`;
}

/** Which repositories. */
export interface RepositoryQuery {
  /** Part of the name. */
  readonly search?: string | undefined;
  /** Only names after this one. */
  readonly last?: string | undefined;
  readonly limit?: number | undefined;
}

/** `GET /v1/repositories`: by name. */
export function listRepositories(
  rest: RestClient,
  { search, last, limit }: RepositoryQuery,
): AsyncGenerator<readonly Repository[]> {
  const request = { path, query: { search, last }, to: 'list the repositories', shape: { name: 'text' } } as const;
  return rest.pages(request, limit, 'repositories');
}

/** `GET /v1/repositories/{name}`; its tags and manifests are lists of their own. `verb` is what it is wanted for. */
export function getRepository(rest: RestClient, name: string, verb = 'show'): Promise<Repository> {
  const hints = { missing: 'mcrctl repo list shows the repositories' };
  return rest.send({
    path: repositoryPath(name),
    query: { n: 0 },
    to: `${verb} the repository ${name}`,
    names: true,
    hints,
    shape: { name: 'text', tag_count: 'number', manifest_count: 'number', total_size: 'number' },
  });
}

/** `DELETE /v1/repositories/{name}`. */
export async function deleteRepository(rest: RestClient, name: string): Promise<void> {
  await rest.send({ method: 'DELETE', path: repositoryPath(name), to: `delete the repository ${name}`, names: true });
}
