import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import type { RpcClient } from '../../rpc/client.ts';
import { isoTime } from '../../rpc/values.ts';
import type { Manifest } from './manifest.ts';

/** A manifest with its bytes as they were pushed. */
export interface ManifestWithContent extends Manifest {
  readonly bytes: Uint8Array;
}

/** RegistryService.GetManifest; the reference is a tag or a digest. */
export async function getManifest(rpc: RpcClient, repository: string, reference: string): Promise<ManifestWithContent> {
  const name = `${repository}${reference.includes(':') ? '@' : ':'}${reference}`;
  const hints = { missing: `mcrctl tag list ${repository} shows its tags` };
  const answer = await rpc.call(
    RegistryService.method.getManifest,
    { repository, reference },
    { to: `show the manifest ${name}`, hints },
  );
  const { digest = '', mediaType = '', size = 0n, artifactType, subject, createdAt } = answer.manifest ?? {};
  return {
    digest,
    media_type: mediaType,
    size: Number(size),
    artifact_type: artifactType,
    subject,
    created_at: isoTime(createdAt) ?? '',
    bytes: answer.content,
  };
}
