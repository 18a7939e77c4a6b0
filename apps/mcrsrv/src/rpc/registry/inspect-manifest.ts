import { describeReferrer, parseReference, parseRepositoryName } from '@mcr/core';
import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { inspectManifest as verb } from '../../services/manifests/inspect.ts';
import { callerOf } from '../call.ts';
import { int64 } from '../convert.ts';
import { manifestMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const inspectManifest: Method<typeof RegistryService, 'inspectManifest'> =
  ({ services }) =>
  async ({ repository, reference }, context) => {
    const name = parseRepositoryName(repository);
    const found = await verb(services, callerOf(context), name, parseReference(reference));
    return {
      manifest: manifestMessage(found.manifest),
      content: new Uint8Array(found.manifest.content),
      ...(found.config && { config: new Uint8Array(found.config) }),
      tags: [...found.tags],
      children: found.children.map((it) => ({ manifest: manifestMessage(it), totalSize: int64(it.totalSize) })),
      parents: [...found.parents],
      referrers: found.referrers.map((it) => ({
        manifest: manifestMessage(it),
        annotations:
          it.content === undefined ? {} : { ...describeReferrer({ ...it, content: it.content }).annotations },
      })),
      totalSize: int64(found.totalSize),
      blobs: found.blobs.map((it) => ({ ...it, size: int64(it.size) })),
    };
  };
