import { parseRepositoryName } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { authorize } from '../../services/policy/authorize.ts';
import { takeSlice } from '../../services/slice.ts';
import { operation } from '../operation.ts';
import { nextPageToken } from '../page.ts';

/** One page of a repository's manifests in order of digest, tagged or not. `NAME_UNKNOWN`. */
export const listManifests = operation(
  RegistryService.method.listManifests,
  async (services, { caller, page }, request) => {
    const repository = parseRepositoryName(request.repository);
    await authorize(services, caller, 'registry:pull', repository);
    const read = await services.store.manifests.list(repository, { ...page, limit: page.limit + 1 });
    const { items, more } = takeSlice(page.limit, read);
    return { manifests: items, nextPageToken: nextPageToken(more, items.at(-1)?.digest) };
  },
);
