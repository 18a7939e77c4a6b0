import type { Manifests } from '../../facets/manifests.ts';
import { remember } from '../connection/remember.ts';
import { prepareReadVersions } from '../coordination/versions.ts';
import type { Operation } from '../facet.ts';
import { manifestKey, prepareStat, recordBytes } from './find-manifest.ts';

export const stampPull: Operation<Manifests['stamp']> = (connection) => {
  const readVersions = prepareReadVersions(connection);
  const stat = prepareStat(connection);
  return remember(connection, { keyOf: manifestKey, sizeOf: () => recordBytes }, (repository, reference) => {
    const { digest, mediaType } = stat(repository, reference);
    return { ...readVersions(), digest, mediaType };
  });
};
