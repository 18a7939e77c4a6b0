import { parseDigest, parseRepositoryName } from '@mcr/core';
import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { deleteManifestAsAdmin } from '../../services/manifests/delete-as-admin.ts';
import { callerOf } from '../call.ts';
import type { Method } from '../method.ts';

export const deleteManifest: Method<typeof RegistryService, 'deleteManifest'> =
  ({ services }) =>
  async ({ repository, digest }, context) => {
    await deleteManifestAsAdmin(services, callerOf(context), parseRepositoryName(repository), parseDigest(digest));
    return {};
  };
