import { parseRepositoryName, parseTag } from '@mcr/core';
import type { TagDeletion } from '@mcr/db';
import { type DeleteTagsRequest, type PlanTagDeletionRequest, RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { operation } from '../operation.ts';

/** What deleting tags would do. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
export const planTagDeletion = operation(RegistryService.method.planTagDeletion, async ({ store }, _call, request) => ({
  plan: await store.tags.planDeletion(deletionOf(request)),
}));

/** What is to be deleted. Throws `NAME_INVALID`, `TAG_INVALID`. */
export function deletionOf({
  repository,
  tags,
  keepManifests,
}: PlanTagDeletionRequest | DeleteTagsRequest): TagDeletion {
  return {
    repository: parseRepositoryName(repository),
    tags: tags.map((tag) => parseTag(tag)),
    withManifests: !keepManifests,
  };
}
