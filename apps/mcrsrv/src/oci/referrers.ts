import { mediaTypes, nextLink, parseDigest, RegistryError, referrersIndex } from '@mcr/core';
import type { Context } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { respondJson } from '../http/respond.ts';
import { listReferrers } from '../services/referrers/list.ts';
import { pageOf, type RepositoryRequest, type RepositoryRoute } from './route.ts';

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers */
export const referrerRoutes: readonly RepositoryRoute[] = [
  ['GET', 'referrers/:digest', getReferrers], // end-12a, end-12b
];

/** Always 200, also where nothing is known. */
async function getReferrers({ c, services, caller, name }: RepositoryRequest): Promise<Response> {
  const subject = parseDigest(c.req.param('digest') ?? '');
  const artifactType = artifactTypeOf(c);
  const page = pageOf(c);
  const filter = artifactType !== undefined && { artifactType };
  const { items, more } = await listReferrers(services, caller, name, subject, { ...page, ...filter });
  const next = { artifactType, n: page.limit, last: items.at(-1)?.digest };
  return respondJson(c, referrersIndex(items), {
    'Content-Type': mediaTypes.ociIndex,
    ...(filter && { 'OCI-Filters-Applied': 'artifactType' }),
    ...(more && { Link: nextLink(`/v2/${name}/referrers/${subject}`, next) }),
  });
}

/** No media type holds a space: one in the query is a plus sign that was not encoded. */
function artifactTypeOf(c: Context<AppEnv>): string | undefined {
  const values = c.req.queries('artifactType') ?? [];
  if (values.length > 1) throw new RegistryError('PARAMETER_INVALID', 'Duplicate query parameter "artifactType"');
  return values[0]?.replaceAll(' ', '+') || undefined;
}
