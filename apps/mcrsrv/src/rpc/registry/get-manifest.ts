import { parseReference, parseRepositoryName } from '@mcr/core';
import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { getManifest as verb } from '../../services/manifests/get.ts';
import { callerOf } from '../call.ts';
import { manifestMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const getManifest: Method<typeof RegistryService, 'getManifest'> =
  ({ services }) =>
  async ({ repository, reference }, context) => {
    const name = parseRepositoryName(repository);
    const manifest = await verb(services, callerOf(context), name, parseReference(reference));
    return { manifest: manifestMessage(manifest), content: new Uint8Array(manifest.content) };
  };
