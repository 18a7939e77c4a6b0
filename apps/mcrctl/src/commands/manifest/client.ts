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

/** What depends on a manifest. */
export interface ManifestSurroundings {
  /** Tags that point to it, at most 100. */
  readonly tags: readonly string[];
  /** Indexes that list it. */
  readonly parents: number;
  /** Manifests that refer to it or to one of its children, at most 100. */
  readonly referrers: number;
}

/** RegistryService.InspectManifest: what the deletion of the manifest would concern. */
export async function inspectManifest(
  rpc: RpcClient,
  repository: string,
  digest: string,
): Promise<ManifestSurroundings> {
  const { tags, parents, referrers } = await rpc.call(
    RegistryService.method.inspectManifest,
    { repository, reference: digest },
    { to: `look at the manifest ${repository}@${digest}`, hints: missingManifest(repository) },
  );
  return { tags, parents: parents.length, referrers: referrers.length };
}

/** RegistryService.DeleteManifest. */
export async function deleteManifest(rpc: RpcClient, repository: string, digest: string): Promise<void> {
  await rpc.call(
    RegistryService.method.deleteManifest,
    { repository, digest },
    { to: `delete the manifest ${repository}@${digest}`, hints: missingManifest(repository) },
  );
}

function missingManifest(repository: string) {
  return { missing: `mcrctl manifest list ${repository} shows its manifests` };
}
