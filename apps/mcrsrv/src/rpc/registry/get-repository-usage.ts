import { parseRepositoryName } from '@mcr/core';
import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { getRepositoryUsage as verb } from '../../services/repositories/usage.ts';
import { callerOf } from '../call.ts';
import { int64 } from '../convert.ts';
import type { Method } from '../method.ts';

export const getRepositoryUsage: Method<typeof RegistryService, 'getRepositoryUsage'> =
  ({ services }) =>
  async ({ name }, context) => {
    const { uniqueSize } = await verb(services, callerOf(context), parseRepositoryName(name));
    return { uniqueSize: int64(uniqueSize) };
  };
