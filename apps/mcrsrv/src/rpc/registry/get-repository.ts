import { parseRepositoryName } from '@mcr/core';
import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { getRepository as verb } from '../../services/repositories/get.ts';
import { callerOf } from '../call.ts';
import { repositoryMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const getRepository: Method<typeof RegistryService, 'getRepository'> =
  ({ services }) =>
  async ({ name }, context) => ({
    repository: repositoryMessage(await verb(services, callerOf(context), parseRepositoryName(name))),
  });
