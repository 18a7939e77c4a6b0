import { parseRepositoryName } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { authorize, seesEverything } from '../../services/policy/authorize.ts';
import { operation } from '../operation.ts';

/**
 * What a repository alone takes. For a caller that may not see all others it is as if there were none: what it shares
 * would tell what they hold. `NAME_UNKNOWN`.
 */
export const getRepositoryUsage = operation(
  RegistryService.method.getRepositoryUsage,
  async (services, { caller }, { name }) => {
    const repository = parseRepositoryName(name);
    await authorize(services, caller, 'registry:pull', repository);
    if (await seesEverything(services, caller)) return await services.store.repositories.usage(repository);
    const { totalSize } = await services.store.repositories.getSummary(repository);
    return { uniqueSize: totalSize };
  },
);
