import { setTimeout as sleep } from 'node:timers/promises';
import { blobOf, seededBytes } from '@mcr/testkit';
import type { Pushable } from '../model/ledger.ts';
import { askForBlob, blobShapes, deleteBlob, mountBlob, sendBlob } from './blobs.ts';
import type { Client } from './client.ts';
import { collect } from './collections.ts';
import { deleteManifest, deleteTag, pullTag, pushManifest } from './manifests.ts';
import { deleteRepository } from './repositories.ts';
import { addRule, deleteRule, switchRule } from './rules.ts';
import { deleteTags } from './tags.ts';
import { beginUpload, cancelUpload, continueUpload, finishUpload } from './uploads.ts';
import { Interrupted } from './world.ts';

/** What the clients of a round have in common. */
export interface Scene {
  readonly images: readonly Pushable[];
  readonly repositories: readonly string[];
}

const tags = ['latest', 'v1', 'v2'];
const maxUploads = 3;
const maxRules = 3;
const largestPause = 30;

type Act = (client: Client, scene: Scene) => Promise<void>;

const actions = { push, move, pull, untag, untagAll, remove, drop, loose, uploads, policy } satisfies Record<
  string,
  Act
>;
const weights = {
  push: 12,
  move: 6,
  pull: 6,
  untag: 3,
  untagAll: 2,
  remove: 5,
  drop: 2,
  loose: 4,
  uploads: 8,
  policy: 4,
};

/** Does one thing after the other until the server dies. */
export async function work(client: Client, scene: Scene): Promise<void> {
  await untilKilled(client, () => actions[client.random.weighted(weights)](client, scene));
}

/** Collects garbage, with short pauses, until the server dies. */
export async function collectOften(client: Client): Promise<void> {
  await untilKilled(client, async () => {
    await collect(client, client.random.chance(0.3));
    await sleep(client.random.below(largestPause));
  });
}

async function untilKilled({ world }: Client, act: () => Promise<void>): Promise<void> {
  while (!world.killed) {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      return;
    }
  }
}

async function push(client: Client, { images, repositories }: Scene): Promise<void> {
  const { random, ledger } = client;
  const image = random.pick(images);
  const others = repositories.filter((name) => name !== ledger.repository);
  for (const blob of image.blobs) {
    if (await askForBlob(client, blob)) continue;
    if (random.chance(0.4)) await mountBlob(client, blob, random.pick(others));
    else await sendBlob(client, blob, random.pick(blobShapes));
  }
  await pushManifest(client, image, random.chance(0.8) ? random.pick(tags) : undefined);
}

/** Points a tag to a manifest that is there. */
async function move(client: Client): Promise<void> {
  const { random, ledger } = client;
  const image = ledger.images.get(anyOf(client, ledger.state.certain.manifests) ?? '');
  if (image !== undefined) await pushManifest(client, image, random.pick(tags));
}

async function pull(client: Client): Promise<void> {
  await pullTag(client, client.random.pick(tags));
}

async function untag(client: Client): Promise<void> {
  const tag = anyOf(client, client.ledger.state.certain.tags.keys());
  if (tag !== undefined) await deleteTag(client, tag);
}

async function untagAll(client: Client): Promise<void> {
  const { random, ledger } = client;
  const named = [...ledger.state.certain.tags.keys()].filter(() => random.chance(0.7));
  if (named.length > 0) await deleteTags(client, named, random.chance(0.5));
}

/** Deletes the repository, if there is something in it. */
async function drop(client: Client): Promise<void> {
  if (client.ledger.state.certain.manifests.size > 0) await deleteRepository(client);
}

async function remove(client: Client): Promise<void> {
  const digest = anyOf(client, client.ledger.state.certain.manifests);
  if (digest !== undefined) await deleteManifest(client, digest);
}

/** A blob that no manifest will ever name: sent, and sometimes taken back. */
async function loose(client: Client): Promise<void> {
  const { random } = client;
  const blob = blobOf(seededBytes(`loose ${random.next()}`, 1 + random.below(9_000)));
  await sendBlob(client, blob, random.pick(blobShapes));
  if (random.chance(0.5)) await deleteBlob(client, blob);
}

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
