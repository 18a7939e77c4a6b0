import type { Hono } from 'hono';
import type { AppEnv } from '../http/env.ts';
import { Locations } from '../http/locations.ts';
import { respond } from '../http/respond.ts';
import type { ServiceContext } from '../services/context.ts';
import { authorize } from '../services/policy/authorize.ts';
import { blobRoutes } from './blobs.ts';
import { catalogRoutes } from './catalog.ts';
import { manifestRoutes } from './manifests.ts';
import type { QuickPulls } from './quick-pulls.ts';
import { referrerRoutes } from './referrers.ts';
import { type OciRequest, type RegistryRoute, RouteMounter } from './route.ts';
import { tagRoutes } from './tags.ts';
import { tokenRoutes } from './token.ts';
import { uploadRoutes } from './uploads.ts';

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#determining-support */
const versionRoutes: readonly RegistryRoute[] = [
  ['GET', '/v2', getVersion], // end-1
  ['GET', '/v2/', getVersion], // end-1
];

/**
 * Everything below `/v2`: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints. In the path of
 * a repository the last keyword wins, so names may hold any of them.
 */
export function mountOci(
  app: Hono<AppEnv>,
  services: ServiceContext,
  locations = new Locations(undefined),
  quickPulls?: QuickPulls,
): void {
  const mounter = new RouteMounter(app, { services, locations, quickPulls });
  mounter.open(tokenRoutes);
  mounter.registry([...versionRoutes, ...catalogRoutes]);
  mounter.repository([...uploadRoutes, ...blobRoutes, ...manifestRoutes, ...tagRoutes, ...referrerRoutes]);
}

/** The entry point of every client's login. */
async function getVersion({ c, services, caller }: OciRequest): Promise<Response> {
  await authorize(services, caller, 'registry:version_check');
  return respond(c, 200, { 'Content-Type': 'application/json' }, '{}');
}
