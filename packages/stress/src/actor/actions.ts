import { blobOf, buildArtifact, seededBytes } from '@mcr/testkit';
import type { Pushable } from '../model/ledger.ts';
import { askForBlob, blobShapes, deleteBlob, mountBlob, sendBlob } from './blobs.ts';
import type { Client } from './client.ts';
import { indexOf } from './images.ts';
import { deleteManifest, deleteTag, pushManifest } from './manifests.ts';
import { pullTag, pullWhole } from './pull.ts';
import { deleteRepository } from './repositories.ts';
import { addRule, deleteRule, switchRule } from './rules.ts';
import { deleteTags } from './tags.ts';
import { beginUpload, cancelUpload, continueUpload, finishUpload } from './uploads.ts';

/** What clients work with. */
export interface Scene {
  readonly images: readonly Pushable[];
  /** Where blobs may be mounted from. */
  readonly repositories: readonly string[];
  /** Waits, as clients do that take their time between the blobs of an image and its manifest. */
  readonly pause?: (client: Client) => Promise<void>;
}

/** A thing that clients do. */
export type Act = (client: Client, scene: Scene) => Promise<void>;

/** How likely each is. */
export type Weights = Readonly<Record<keyof typeof actions, number>>;

const tags = ['latest', 'v1', 'v2', 'v3'];
const maxUploads = 3;
const maxRules = 3;

/** Everything that clients do, by name. Each is strict where the client alone writes to its repository. */
export const actions = {
  push,
  pushAgain,
  pushIndex,
  pushReferrer,
  move,
  pull,
  untag,
  untagAll,
  remove,
  drop,
  loose,
  uploads,
  policy,
} satisfies Record<string, Act>;

async function push(client: Client, scene: Scene): Promise<void> {
  await pushImage(client, scene, client.random.pick(scene.images));
}

/** What was just deleted is in the middle of being collected. */
async function pushAgain(client: Client, scene: Scene): Promise<void> {
  const { random, world } = client;
  if (world.deleted.length === 0) return;
  world.count('images pushed again');
  await pushImage(client, scene, random.pick(world.deleted));
}

/** Pushes what is missing of an image, or mounts it, and then its manifest, maybe under a tag. */
async function pushImage(client: Client, { repositories, pause }: Scene, image: Pushable): Promise<void> {
  const { random, ledger } = client;
  const others = repositories.filter((name) => name !== ledger.repository);
  for (const blob of image.blobs) {
    if (await askForBlob(client, blob)) continue;
    const isMounted = others.length > 0 && random.chance(0.5);
    const isThere = isMounted
      ? await mountBlob(client, blob, random.pick(others))
      : await sendBlob(client, blob, random.pick(blobShapes));
    if (!isThere) return;
  }
  await pause?.(client);
  await pushManifest(client, image, ...(random.chance(0.8) ? [random.pick(tags)] : []));
}

/** An index of images that are there, or were. */
async function pushIndex(client: Client): Promise<void> {
  const { random, ledger } = client;
  const known = [...ledger.now.manifests.keys()].flatMap((digest) => ledger.images.get(digest) ?? []);
  const images = known.filter(({ blobs }) => blobs.length > 0);
  if (images.length === 0) return;
  const children = [random.pick(images), random.pick(images)].map(({ manifest }) => manifest);
  await pushManifest(client, indexOf(children), random.pick(tags));
  client.world.count('indexes pushed');
}

/** Something that refers to a manifest that is there. */
async function pushReferrer(client: Client, scene: Scene): Promise<void> {
  const { random, ledger } = client;
  const subject = ledger.images.get(anyOf(client, ledger.now.manifests.keys()) ?? '')?.manifest;
  if (subject === undefined) return;
  const content = `signature ${random.below(40)}`;
  await pushImage(client, scene, buildArtifact({ artifactType: 'application/vnd.mcr.test', content, subject }));
}

/** Points a tag to a manifest that is there. */
async function move(client: Client): Promise<void> {
  const { random, ledger } = client;
  const image = ledger.images.get(anyOf(client, ledger.now.manifests.keys()) ?? '');
  if (image !== undefined) await pushManifest(client, image, random.pick(tags));
}

/** Pulls a tag, or all of a manifest that is there. */
async function pull(client: Client): Promise<void> {
  const { random, ledger } = client;
  const known = random.chance(0.7) ? anyOf(client, ledger.now.manifests.keys()) : undefined;
  const digest = known ?? (await pullTag(client, random.pick(tags)));
  if (digest === undefined || (await pullWhole(client, digest)) || ledger.isShared) return;
  client.world.violate(`${digest} in ${ledger.repository} is gone, and no client deleted it`);
}

async function untag(client: Client): Promise<void> {
  const tag = anyOf(client, client.ledger.now.tags.keys());
  if (tag !== undefined) await deleteTag(client, tag);
}

async function untagAll(client: Client): Promise<void> {
  const { random, ledger } = client;
  const named = [...ledger.now.tags.keys()].filter(() => random.chance(0.7));
  if (named.length > 0) await deleteTags(client, named, random.chance(0.5));
}

async function remove(client: Client): Promise<void> {
  const digest = anyOf(client, client.ledger.now.manifests.keys());
  if (digest !== undefined) await deleteManifest(client, digest);
}

/** Deletes the repository, if there is something in it. */
async function drop(client: Client): Promise<void> {
  if (client.ledger.now.manifests.size > 0) await deleteRepository(client);
}

/** A blob that no manifest will ever name: sent, and sometimes taken back. */
async function loose(client: Client): Promise<void> {
  const { random } = client;
  const blob = blobOf(seededBytes(`loose ${random.next()}`, 1 + random.below(9_000)));
  if ((await sendBlob(client, blob, random.pick(blobShapes))) && random.chance(0.5)) await deleteBlob(client, blob);
}

/** Begins an upload, or continues, cancels or finishes one; some are left to expire. */
async function uploads(client: Client): Promise<void> {
  const { random, ledger } = client;
  const [upload] = ledger.uploads;
  if (upload === undefined || (ledger.uploads.length < maxUploads && random.chance(0.4))) {
    return await beginUpload(client, blobOf(seededBytes(`open ${random.next()}`, 1 + random.below(60_000))));
  }
  if (random.chance(0.1)) return await cancelUpload(client, upload);
  const left = upload.blob.size - upload.offset;
  if (left > 0 && random.chance(0.7)) return await continueUpload(client, upload, 1 + random.below(left));
  await finishUpload(client, upload);
}

async function policy(client: Client): Promise<void> {
  const { random, ledger } = client;
  const rules = ledger.rules.certain;
  const description = anyOf(client, rules.keys());
  if (description === undefined || (rules.size < maxRules && random.chance(0.4))) {
    return await addRule(client, `${ledger.repository} ${random.next()}`);
  }
  await (random.chance(0.5) ? switchRule(client, description) : deleteRule(client, description));
}

function anyOf({ random }: Client, items: Iterable<string>): string | undefined {
  const all = [...items];
  return all.length === 0 ? undefined : random.pick(all);
}
