import { parseRepositoryName } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { removalBy } from '../call.ts';
import { operation } from '../operation.ts';

/**
 * Deletes a repository with its manifests and tags, at once for everyone; rows of a large one are removed afterwards, bytes
 * by a later collection. `NAME_UNKNOWN`.
 */
export const deleteRepository = operation(RegistryService.method.deleteRepository, async (services, call, { name }) => {
  const repository = parseRepositoryName(name);
  await services.store.repositories.delete({ repository, ...removalBy(services, call) });
  void services.remover.run();
  return {};
});
