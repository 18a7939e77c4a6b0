import { parseDigest, parseRepositoryName } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { removalBy } from '../call.ts';
import { operation } from '../operation.ts';

/** Deletes a manifest with all its tags. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
export const deleteManifest = operation(RegistryService.method.deleteManifest, async (services, call, request) => {
  const repository = parseRepositoryName(request.repository);
  const digest = parseDigest(request.digest);
  await services.store.manifests.delete({ repository, digest, ...removalBy(services, call) });
  return {};
});
