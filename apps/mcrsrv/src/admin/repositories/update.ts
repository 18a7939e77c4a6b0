import { parseRepositoryName } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';

/** Says what a repository is for. What is not given stays as it is. `NAME_UNKNOWN`. */
export const updateRepository = operation(
  RegistryService.method.updateRepository,
  async (services, call, { name, description }) => {
    const repository = parseRepositoryName(name);
    const { store } = services;
    if (description === undefined) return { repository: await store.repositories.getSummary(repository) };
    return { repository: await store.repositories.update({ repository, description, ...changeBy(services, call) }) };
  },
);
