import type { Manifests, PullStamp } from '../../facets/manifests.ts';
import { remember } from '../connection/remember.ts';
import type { Operation } from '../facet.ts';
import { manifestKey, prepareFindManifest, recordBytes } from './find-manifest.ts';

const columns = `m.digest, m.media_type AS "mediaType", (SELECT n FROM versions WHERE scope = 'accounts') AS accounts,
  (SELECT n FROM versions WHERE scope = 'policy') AS policy`;

export const stampPull: Operation<Manifests['stamp']> = (connection) =>
  remember(
    connection,
    { keyOf: manifestKey, sizeOf: () => recordBytes },
    prepareFindManifest<PullStamp>(connection, columns),
  );
