import { nextLink } from '@mcr/core';
import { listCatalog } from '../services/repositories/catalog.ts';
import { jsonResponse } from './json.ts';
import { pageOf } from './page.ts';
import type { OciRequest } from './route.ts';

/** `GET /v2/_catalog`: the repositories that the caller may pull from. */
export async function getCatalog({ c, services, caller }: OciRequest): Promise<Response> {
  const page = pageOf(c);
  const { items, more, cursor } = await listCatalog(services, caller, page);
  const link = more && { Link: nextLink('/v2/_catalog', { n: page.limit, last: cursor }) };
  return jsonResponse(c, { repositories: items }, { ...link });
}
