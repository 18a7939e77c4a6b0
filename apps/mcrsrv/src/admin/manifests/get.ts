import { parseReference, parseRepositoryName } from '@mcr/core';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { getManifest as pull } from '../../services/manifests/get.ts';
import { operation } from '../operation.ts';

/** One manifest with its bytes; audited as a pull. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
export const getManifest = operation(
  RegistryService.method.getManifest,
  async (services, { caller }, { repository, reference }) => {
    const name = parseRepositoryName(repository);
    const manifest = await pull(services, caller, name, parseReference(reference));
    return { manifest, content: new Uint8Array(manifest.content) };
  },
);
