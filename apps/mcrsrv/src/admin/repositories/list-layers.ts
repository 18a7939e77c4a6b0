import { isDigest, parseRepositoryName } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { authorize, seesEverything } from '../../services/policy/authorize.ts';
import { takeSlice } from '../../services/slice.ts';
import { operation } from '../operation.ts';
import { type AskedPage, nextPageToken, unreadableCursor } from '../page.ts';

/**
 * One page of what the manifests of a repository reference, the largest first. A caller that may not see all repositories is told of
 * no other that has a layer, too. `NAME_UNKNOWN`.
 */
export const listLayers = operation(RegistryService.method.listLayers, async (services, { caller, page }, request) => {
  const repository = parseRepositoryName(request.repository);
  checkCursor(page);
  await authorize(services, caller, 'registry:pull', repository);
  const read = await services.store.repositories.listLayers(repository, { ...page, limit: page.limit + 1 });
  const { items, more } = takeSlice(page.limit, read);
  const isOpen = await seesEverything(services, caller);
  const last = items.at(-1);
  return {
    layers: isOpen ? items : items.map((layer) => ({ ...layer, repositories: 1 })),
    nextPageToken: nextPageToken(more, last && `${last.size} ${last.digest}`),
  };
});

function checkCursor({ after, parameter }: AskedPage): void {
  if (after === undefined) return;
  const [, digest = ''] = /^\d{1,15} (\S+)$/.exec(after) ?? [];
  if (!isDigest(digest)) throw unreadableCursor(parameter);
}
