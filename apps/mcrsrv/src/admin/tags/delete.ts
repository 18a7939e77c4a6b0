import { parseRepositoryName, parseTag } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { removalBy } from '../call.ts';
import { operation } from '../operation.ts';

/** Deletes a tag and keeps its manifest. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
export const deleteTag = operation(RegistryService.method.deleteTag, async (services, call, request) => {
  const repository = parseRepositoryName(request.repository);
  const tag = parseTag(request.tag);
  await services.store.tags.delete({ repository, tag, ...removalBy(services, call) });
  return {};
});
