import { parseRepositoryName } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { authorize } from '../../services/policy/authorize.ts';
import { operation } from '../operation.ts';

/** A repository in numbers, with as many of its tags and manifests as are asked for. `NAME_UNKNOWN`. */
export const getRepository = operation(
  RegistryService.method.getRepository,
  async (services, { caller, page }, { name, pageSize = 0 }) => {
    const repository = parseRepositoryName(name);
    await authorize(services, caller, 'registry:pull', repository);
    const { store } = services;
    const summary = await store.repositories.getSummary(repository);
    if (pageSize === 0) return { repository: summary, tags: [], manifests: [] };
    const first = { limit: page.limit };
    const tags = await store.tags.listRecords(repository, first);
    return { repository: summary, tags, manifests: await store.manifests.list(repository, first) };
  },
);
