import { parseRepositoryName } from '@mcr/core';
import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { deleteRepository as verb } from '../../services/repositories/delete.ts';
import { callerOf } from '../call.ts';
import type { Method } from '../method.ts';

export const deleteRepository: Method<typeof RegistryService, 'deleteRepository'> =
  ({ services }) =>
  async ({ name }, context) => {
    await verb(services, callerOf(context), parseRepositoryName(name));
    return {};
  };
