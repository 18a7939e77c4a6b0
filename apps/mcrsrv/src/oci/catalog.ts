import { nextLink } from '@mcr/core';
import { respondJson } from '../http/respond.ts';
import { listCatalog } from '../services/repositories/catalog.ts';
import { type OciRequest, pageOf, type RegistryRoute } from './route.ts';

/** Of Docker's registry, and not of the OCI's: https://distribution.github.io/distribution/spec/api/#listing-repositories */
export const catalogRoutes: readonly RegistryRoute[] = [['GET', '/v2/_catalog', getCatalog]];

/** The repositories that the caller may pull from. */
async function getCatalog({ c, services, caller }: OciRequest): Promise<Response> {
  const page = pageOf(c);
  const { items, more, cursor } = await listCatalog(services, caller, page);
  const link = more && { Link: nextLink('/v2/_catalog', { n: page.limit, last: cursor }) };
  return respondJson(c, { repositories: items }, { ...link });
}
