import { parseRepositoryName, parseTag } from '@mcr/core';
import type { PlanTagDeletionRequest, RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { parseInput } from '../../services/parse-input.ts';
import { planTagDeletion as verb } from '../../services/tags/plan-deletion.ts';
import { tagSelection } from '../../services/tags/tag-search.ts';
import { callerOf } from '../call.ts';
import { planMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const planTagDeletion: Method<typeof RegistryService, 'planTagDeletion'> =
  ({ services }) =>
  async (request, context) => ({
    plan: planMessage(await verb(services, callerOf(context), tagDeletion(request))),
  });

/** What is to be deleted. Throws `NAME_INVALID`, `TAG_INVALID`, `PARAMETER_INVALID`. */
export function tagDeletion(request: Pick<PlanTagDeletionRequest, 'repository' | 'tags' | 'keepManifests'>) {
  return {
    repository: parseRepositoryName(request.repository),
    tags: parseInput(tagSelection, request).tags.map((tag) => parseTag(tag)),
    withManifests: !request.keepManifests,
  };
}
