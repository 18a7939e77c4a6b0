import { nextLink } from '@mcr/core';
import { respondJson } from '../http/respond.ts';
import { listTags } from '../services/tags/list.ts';
import { pageOf, type RepositoryRequest, type RepositoryRoute } from './route.ts';

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags */
export const tagRoutes: readonly RepositoryRoute[] = [
  ['GET', 'tags/list', getTags], // end-8a, end-8b
];

async function getTags({ c, services, caller, name }: RepositoryRequest): Promise<Response> {
  const page = pageOf(c);
  const { items, more } = await listTags(services, caller, name, page);
  const link = more && { Link: nextLink(`/v2/${name}/tags/list`, { n: page.limit, last: items.at(-1) }) };
  return respondJson(c, { name, tags: items }, { ...link });
}
