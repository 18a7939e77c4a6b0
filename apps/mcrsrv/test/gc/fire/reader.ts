import { digestOf } from '@mcr/core';
import type { Client } from './push.ts';

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

interface Content {
  readonly config?: Descriptor;
  readonly layers?: readonly Descriptor[];
  readonly manifests?: readonly Descriptor[];
}

/** Pulls tags and manifests, one after the other, until told to stop. */
export async function read(client: Client, signal: AbortSignal): Promise<void> {
  const { world, random } = client;
  while (!signal.aborted) {
    if (world.pushed.length > 0 && random.chance(0.7)) {
      const { repository, manifest } = random.pick(world.pushed);
      await pull(client, repository, manifest.digest);
    } else {
      await pullTag(client, random.pick(world.repositories), random.pick(world.tags));
    }
  }
}

async function pullTag(client: Client, repository: string, tag: string): Promise<void> {
  const found = await client.oci.headManifest(repository, tag);
  if (!client.world.expect(`HEAD of ${tag} in ${repository}`, found, 200, 404)) return;
  const digest = found.header('docker-content-digest');
  if (found.status === 200 && digest !== undefined) await pull(client, repository, digest);
}

/**
 * Pulls a manifest with all that it names, and checks every byte of it. What is not there must have been deleted.
 * Answers whether the manifest itself was there.
 */
export async function pull(client: Client, repository: string, digest: string): Promise<boolean> {
  const { world, oci } = client;
  const disturbed = world.deletions.watch(repository, digest);
  const answer = await oci.getManifest(repository, digest);
  if (answer.status === 404) return false;
  if (!world.expect(`GET of ${digest} in ${repository}`, answer, 200)) return false;
  if (digestOf(answer.body) !== digest) world.violate(`wrong bytes in manifest ${digest} of ${repository}`);
  world.count('manifests pulled');

  const { config, layers = [], manifests = [] } = answer.json() as Content;
  for (const child of manifests) {
    if (await pull(client, repository, child.digest)) continue;
    if (world.deletions.everDeleted(repository, child.digest)) continue;
    world.violate(`${child.digest}, which an index in ${repository} lists, is gone, and nobody deleted it`);
  }
  for (const blob of config === undefined ? layers : [config, ...layers]) {
    await pullBlob(client, repository, blob, disturbed);
  }
  return true;
}

async function pullBlob(
  { world, oci }: Client,
  repository: string,
  blob: Descriptor,
  disturbed: () => boolean,
): Promise<void> {
  const { status, size, digest } = await oci.hashBlob(repository, blob.digest);
  if (status === 404 && disturbed()) return;
  if (status !== 200) return world.violate(`${status} for blob ${blob.digest} of a manifest in ${repository}`);
  if (size !== blob.size || digest !== blob.digest) world.violate(`wrong bytes in blob ${blob.digest}`);
  world.count('blobs pulled');
}
