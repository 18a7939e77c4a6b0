import { performance } from 'node:perf_hooks';
import { blobOf, buildArtifact, buildIndex, locationOf, seededBytes, type TestImage } from '@mcr/testkit';
import { type Client, pushImage, pushIndex } from './push.ts';

/** So many manifests are kept at most; beyond, deletions are as likely as pushes. */
const plenty = 50;

const actions = {
  pushTag: pushTagged,
  pushDigest: (client: Client) => pushAny(client, anyImage(client)),
  pushAgain,
  pushIndex: pushSomeIndex,
  pushReferrer,
  deleteManifest,
  deleteTag,
  deleteRepository,
  deleteBlob,
  abandonUpload,
};

/** Does one thing after the other until told to stop. */
export async function write(client: Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const crowded = client.world.pushed.length > plenty;
    const action = client.random.weighted({
      pushTag: 30,
      pushDigest: 10,
      pushAgain: 12,
      pushIndex: 5,
      pushReferrer: 5,
      deleteManifest: crowded ? 60 : 15,
      deleteTag: 4,
      deleteRepository: 1,
      deleteBlob: 4,
      abandonUpload: 4,
    });
    await actions[action](client);
  }
}

function anyImage({ world, random }: Client): TestImage {
  return random.pick(world.images);
}

async function pushAny(client: Client, image: TestImage, reference: string = image.manifest.digest): Promise<void> {
  const { world, random } = client;
  const outcome = await pushImage(client, random.pick(world.repositories), image, reference);
  if (outcome !== 'pushed') world.count(`pushes ${outcome}`);
}

async function pushTagged(client: Client): Promise<void> {
  await pushAny(client, anyImage(client), client.random.pick(client.world.tags));
}

/** What was just deleted is in the middle of being collected. */
async function pushAgain(client: Client): Promise<void> {
  const { world, random } = client;
  if (world.deleted.length === 0) return;
  world.count('images pushed again');
  await pushAny(client, random.pick(world.deleted), random.pick(world.tags));
}

async function pushSomeIndex(client: Client): Promise<void> {
  const { world, random } = client;
  const repository = random.pick(world.repositories);
  const images = [anyImage(client), anyImage(client)];
  for (const image of images) {
    if ((await pushImage(client, repository, image, image.manifest.digest)) !== 'pushed') return;
  }
  await pushIndex(client, repository, buildIndex(images).manifest, random.pick(world.tags));
}

async function pushReferrer(client: Client): Promise<void> {
  const { world, random } = client;
  if (world.pushed.length === 0) return;
  const { repository, manifest: subject } = random.pick(world.pushed);
  const content = `signature ${random.below(40)}`;
  const artifact = buildArtifact({ artifactType: 'application/vnd.mcr.test', content, subject });
  await pushImage(client, repository, artifact, artifact.manifest.digest);
}

async function deleteManifest({ world, random, oci }: Client): Promise<void> {
  if (world.pushed.length === 0) return;
  const { repository, manifest } = random.pick(world.pushed);
  world.forget((pushed) => pushed.repository === repository && pushed.manifest.digest === manifest.digest);
  const answer = await world.deletions.run(repository, manifest.digest, () =>
    oci.deleteManifest(repository, manifest.digest),
  );
  if (world.expect(`deleting a manifest in ${repository}`, answer, 202, 404)) world.count('manifests deleted');
}

async function deleteTag({ world, random, oci }: Client): Promise<void> {
  const [repository, tag] = [random.pick(world.repositories), random.pick(world.tags)];
  const answer = await oci.deleteManifest(repository, tag);
  if (world.expect(`deleting a tag in ${repository}`, answer, 202, 404)) world.count('tags deleted');
}

async function deleteRepository({ world, random, oci }: Client): Promise<void> {
  const repository = random.pick(world.repositories);
  const answer = await world.deletions.run(repository, '', async () => {
    const deleted = await oci.request('DELETE', `/v1/repositories/${encodeURIComponent(repository)}`);
    world.forget((pushed) => pushed.repository === repository);
    return deleted;
  });
  if (world.expect(`deleting ${repository}`, answer, 204, 404)) world.count('repositories deleted');
}

/** A blob that only this client knows of: sent, thought better of, and taken back. */
async function deleteBlob({ world, random, oci }: Client): Promise<void> {
  const repository = random.pick(world.repositories);
  const disturbed = world.deletions.watch(repository);
  const begun = performance.now();
  const blob = blobOf(seededBytes(`own ${random.next()}`, 1 + random.below(20_000)));
  if (!world.expect(`a blob for ${repository}`, await oci.pushBlob(repository, blob, 'post'), 201)) return;
  const deleted = await oci.deleteBlob(repository, blob.digest);
  if (deleted.status === 404 && (disturbed() || performance.now() - begun > world.promise)) return;
  if (world.expect(`deleting a blob in ${repository}`, deleted, 202)) world.count('blobs deleted');
  world.expect(`HEAD of a deleted blob in ${repository}`, await oci.headBlob(repository, blob.digest), 404);
}

/** Leaves an upload to the reaper, or cancels it, or brings it to an end with the wrong digest. */
async function abandonUpload(client: Client): Promise<void> {
  const { world, random, oci } = client;
  const repository = random.pick(world.repositories);
  const disturbed = world.deletions.watch(repository);
  const started = await oci.startUpload(repository);
  if (!world.expect(`an upload to ${repository}`, started, 202)) return;
  const patched = await oci.patchUpload(
    locationOf(started),
    seededBytes(`left ${random.next()}`, random.below(9_000) + 1),
  );
  if (patched.status === 404 && disturbed()) return;
  if (!world.expect(`a PATCH in ${repository}`, patched, 202)) return;
  world.count('uploads abandoned');
  if (random.chance(0.5)) return;
  const canceled = await oci.cancelUpload(locationOf(patched));
  if (canceled.status !== 404 || !disturbed()) world.expect('canceling an upload', canceled, 204);
}
