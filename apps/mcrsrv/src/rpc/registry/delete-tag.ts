import { parseRepositoryName, parseTag } from '@mcr/core';
import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { deleteTag as verb } from '../../services/tags/delete.ts';
import { callerOf } from '../call.ts';
import type { Method } from '../method.ts';

export const deleteTag: Method<typeof RegistryService, 'deleteTag'> =
  ({ services }) =>
  async ({ repository, tag }, context) => {
    await verb(services, callerOf(context), parseRepositoryName(repository), parseTag(tag));
    return {};
  };
