import type { Hono } from 'hono';
import type { AppEnv } from '../http/env.ts';
import type { ServiceContext } from '../services/context.ts';
import { deleteBlobRoute } from './delete-blob.ts';
import { deleteManifestRoute } from './delete-manifest.ts';
import { getBlob } from './get-blob.ts';
import { getCatalog } from './get-catalog.ts';
import { getManifestRoute } from './get-manifest.ts';
import { getReferrers } from './get-referrers.ts';
import { getTags } from './get-tags.ts';
import { getVersion } from './get-version.ts';
import { Locations } from './locations.ts';
import { putManifestRoute } from './put-manifest.ts';
import { OciRoutes } from './route.ts';
import { deleteUpload } from './uploads/delete-upload.ts';
import { getUpload } from './uploads/get-upload.ts';
import { patchUpload } from './uploads/patch-upload.ts';
import { postUpload } from './uploads/post-upload.ts';
import { putUpload } from './uploads/put-upload.ts';

/** The OCI distribution API (distribution-spec, "Endpoints"). The last keyword wins, so names may hold any of them. */
export function mountOci(app: Hono<AppEnv>, services: ServiceContext, locations = new Locations(undefined)): void {
  new OciRoutes(app, services, locations)
    .global('GET', '/v2', getVersion)
    .global('GET', '/v2/', getVersion)
    .global('GET', '/v2/_catalog', getCatalog)
    .repository('POST', 'blobs/uploads', postUpload)
    .repository('POST', 'blobs/uploads/', postUpload)
    .repository('GET', 'blobs/uploads/:upload', getUpload)
    .repository('PATCH', 'blobs/uploads/:upload', patchUpload)
    .repository('PUT', 'blobs/uploads/:upload', putUpload)
    .repository('DELETE', 'blobs/uploads/:upload', deleteUpload)
    .repository('GET', 'blobs/:digest', getBlob)
    .repository('DELETE', 'blobs/:digest', deleteBlobRoute)
    .repository('GET', 'manifests/:reference', getManifestRoute)
    .repository('PUT', 'manifests/:reference', putManifestRoute)
    .repository('DELETE', 'manifests/:reference', deleteManifestRoute)
    .repository('GET', 'tags/list', getTags)
    .repository('GET', 'referrers/:digest', getReferrers);
}
