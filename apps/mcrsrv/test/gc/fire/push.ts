import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '@mcr/stress';
import {
  locationOf,
  type OciClient,
  openBlob,
  readBlob,
  type TestBlob,
  type TestImage,
  type TestManifest,
} from '@mcr/testkit';
import type { World } from './world.ts';

/** One client of the run. */
export interface Client {
  readonly world: World;
  readonly random: Random;
  readonly oci: OciClient;
}

/** Milliseconds between the last blob and the manifest of a client that takes its time. */
const longestPause = 1_500;

/** How a push went: `overtaken` when a deletion of the repository came in between, `slow` when a promise ran out. */
export type Outcome = 'pushed' | 'overtaken' | 'slow' | 'refused';

/**
 * Pushes an image as clients do: asks for each blob, mounts or sends those that are missing, and then the manifest.
 * It may rely on each answer for as long as the registry promises; within that time the manifest must be accepted.
 */
export async function pushImage(
  client: Client,
  repository: string,
  image: TestImage,
  reference: string,
): Promise<Outcome> {
  const { world, oci, random } = client;
  const disturbed = world.deletions.watch(repository);
  const begun = performance.now();
  for (const blob of image.blobs) {
    if (!(await ensureBlob(client, repository, blob, disturbed))) return disturbed() ? 'overtaken' : 'refused';
  }
  // Some clients take their time, but not longer than the promise lasts.
  if (random.chance(0.2)) await sleep(random.below(Math.min(world.promise * 0.7, longestPause)));
  const answer = await oci.pushManifest(repository, reference, image.manifest);
  if (answer.status === 201) {
    world.count('manifests pushed');
    world.remember({ repository, manifest: image.manifest, image });
    return 'pushed';
  }
  if (answer.status === 400 && answer.text().includes('MANIFEST_BLOB_UNKNOWN')) {
    if (disturbed()) return 'overtaken';
    if (performance.now() - begun > world.promise) return 'slow';
  }
  world.violate(
    `${reference} in ${repository} was not accepted after ${Math.round(performance.now() - begun)} ms`,
    answer,
  );
  return 'refused';
}

/** Pushes a manifest that needs no blobs of its own. */
export async function pushIndex({ world, oci }: Client, repository: string, manifest: TestManifest, tag: string) {
  const answer = await oci.pushManifest(repository, tag, manifest);
  if (!world.expect(`an index in ${repository}`, answer, 201)) return;
  world.count('indexes pushed');
  world.remember({ repository, manifest });
}

async function ensureBlob(
  client: Client,
  repository: string,
  blob: TestBlob,
  disturbed: () => boolean,
): Promise<boolean> {
  const { world, oci, random } = client;
  const found = await oci.headBlob(repository, blob.digest);
  if (found.status === 200) {
    world.count('blobs found');
    return true;
  }
  if (!world.expect(`HEAD of a blob in ${repository}`, found, 404)) return false;
  if (random.chance(0.6)) {
    const from = random.pick(world.repositories.filter((name) => name !== repository));
    const mounted = await oci.mountBlob(repository, blob.digest, from);
    if (mounted.status === 201) {
      world.count('blobs mounted');
      return true;
    }
    if (!world.expect(`a mount into ${repository}`, mounted, 202)) return false;
    return await send(client, repository, blob, locationOf(mounted), disturbed);
  }
  if (random.chance(0.2)) {
    const posted = await oci.pushBlob(repository, blob, 'post');
    world.count('blobs sent');
    return world.expect(`a POST of a blob to ${repository}`, posted, 201);
  }
  const started = await oci.startUpload(repository);
  if (!world.expect(`an upload to ${repository}`, started, 202)) return false;
  return await send(client, repository, blob, locationOf(started), disturbed);
}

/** Sends a blob to an upload in one of the shapes that clients use. */
export async function send(
  { world, oci, random }: Client,
  repository: string,
  blob: TestBlob,
  location: string,
  disturbed: () => boolean,
): Promise<boolean> {
  const accepts = (what: string, answer: Parameters<World['expect']>[1], status: number) => {
    // The upload goes with its repository.
    if (answer.status === 404 && disturbed()) return false;
    return world.expect(`${what} in ${repository}`, answer, status);
  };
  const shape = random.weighted({ put: 4, stream: 2, chunks: 1 });
  world.count('blobs sent');
  if (shape === 'put')
    return accepts('a PUT', await oci.finishUpload(location, blob.digest, await readBlob(blob)), 201);
  if (shape === 'stream') {
    const patched = await oci.patchUpload(location, openBlob(blob));
    if (!accepts('a PATCH', patched, 202)) return false;
    return accepts('a closing PUT', await oci.finishUpload(locationOf(patched), blob.digest), 201);
  }
  const bytes = await readBlob(blob);
  const middle = Math.ceil(bytes.byteLength / 2);
  const first = await oci.patchUpload(location, bytes.subarray(0, middle), 0);
  if (!accepts('the first chunk', first, 202)) return false;
  return accepts('the last chunk', await oci.finishUpload(locationOf(first), blob.digest, bytes.subarray(middle)), 201);
}
