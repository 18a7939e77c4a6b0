import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { deleteTags as verb } from '../../services/tags/plan-deletion.ts';
import { callerOf } from '../call.ts';
import { planMessage } from '../messages.ts';
import type { Method } from '../method.ts';
import { tagDeletion } from './plan-tag-deletion.ts';

export const deleteTags: Method<typeof RegistryService, 'deleteTags'> =
  ({ services }) =>
  async (request, context) => {
    const deletion = { ...tagDeletion(request), plan: request.planId };
    const plan = await verb(services, callerOf(context), deletion);
    return plan === undefined ? {} : { plan: planMessage(plan) };
  };
