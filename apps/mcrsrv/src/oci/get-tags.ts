import { nextLink } from '@mcr/core';
import { listTags } from '../services/tags/list.ts';
import { jsonResponse } from './json.ts';
import { pageOf } from './page.ts';
import type { RepositoryRequest } from './route.ts';

/** `GET /v2/<name>/tags/list` (end-8). */
export async function getTags({ c, services, caller, name }: RepositoryRequest): Promise<Response> {
  const page = pageOf(c);
  const { items, more } = await listTags(services, caller, name, page);
  const link = more && { Link: nextLink(`/v2/${name}/tags/list`, { n: page.limit, last: items.at(-1) }) };
  return jsonResponse(c, { name, tags: items }, { ...link });
}
