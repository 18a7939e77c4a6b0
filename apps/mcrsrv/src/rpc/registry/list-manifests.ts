import { parseRepositoryName } from '@mcr/core';
import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { listManifests as verb } from '../../services/manifests/list.ts';
import { callerOf } from '../call.ts';
import { manifestMessage } from '../messages.ts';
import type { Method } from '../method.ts';
import { nextPageToken, pageOf } from '../page.ts';

export const listManifests: Method<typeof RegistryService, 'listManifests'> =
  ({ services }) =>
  async (request, context) => {
    const repository = parseRepositoryName(request.repository);
    const { items, more } = await verb(services, callerOf(context), repository, pageOf(request));
    return { manifests: items.map(manifestMessage), nextPageToken: nextPageToken(more, items.at(-1)?.digest) };
  };
