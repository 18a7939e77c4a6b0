import { setTimeout as sleep } from 'node:timers/promises';
import { buildImage, type OciClient, startReplicas, startSharedStores, type TestImage } from '@mcr/testkit';
import type { Build } from '../src/actor/victim.ts';

/** How long blobs that no manifest references stay, and how long a HEAD promises that they do. */
const gracePeriod = 8_000;
const count = 10;
const attempts = 10;
const pollMs = 50;
const repository = 'promises/app';

/** What became of blobs of which a HEAD said that they are there. */
export interface Promises {
  /** Their manifests were accepted. */
  readonly kept: number;
  /** Their manifests were rejected although the promise still held, with these responses. */
  readonly broken: readonly string[];
}

/**
 * Pushes blobs at one replica, finds them by HEAD at another one, collects garbage once their first time is over, and pushes
 * manifests of them. Nothing is disturbed, so that a broken rule shows each time. What came too late on a busy machine does not count,
 * and is tried again.
 */
export async function testPromises(build: Build = {}): Promise<Promises> {
  await using stores = await startSharedStores();
  await using replicas = await startReplicas({
    count: 2,
    ...(build.bundle !== undefined && { bundle: build.bundle }),
    env: {
      ...stores.env,
      MCR_GC_INTERVAL: '0',
      MCR_GC_GRACE_PERIOD: `${gracePeriod}ms`,
      MCR_GC_TRASH_RETENTION: '0',
      ...build.env,
    },
  });
  const clients = [replicas.clientOf(0), replicas.clientOf(1)] as const;
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const found = await tryOnce(clients, attempt);
    if (found.kept > 0 || found.broken.length > 0) return found;
  }
  throw new Error(`The machine is too busy: in ${attempts} attempts no manifest came in time`);
}

async function tryOnce([first, second]: readonly [OciClient, OciClient], attempt: number): Promise<Promises> {
  const images = await Promise.all(
    Array.from({ length: count }, (_, n) => buildImage({ layers: [{ size: 1_000, seed: `${attempt} ${n}` }] })),
  );
  for (const image of images) await pushBlobs(first, image);
  const reviewed = performance.now() + gracePeriod;
  await sleep(gracePeriod / 2);
  const promised = performance.now();
  const held = new Set<TestImage>();
  for (const image of images) if (await areFound(second, image)) held.add(image);
  await sleep(Math.max(0, reviewed - performance.now()));
  await collect(second);
  const result = { kept: 0, broken: [] as string[] };
  for (const { manifest } of held) {
    const response = await first.pushManifest(repository, manifest.digest, manifest);
    if (performance.now() > promised + gracePeriod) break;
    if (response.status === 201) result.kept += 1;
    else result.broken.push(`${response.status} ${response.text()}`);
  }
  return result;
}

async function pushBlobs(client: OciClient, { blobs }: TestImage): Promise<void> {
  for (const blob of blobs) {
    const { status } = await client.pushBlob(repository, blob);
    if (status !== 201) throw new Error(`A push of a blob got ${status}`);
  }
}

async function areFound(client: OciClient, { blobs }: TestImage): Promise<boolean> {
  for (const { digest } of blobs) if ((await client.headBlob(repository, digest)).status !== 200) return false;
  return true;
}

/** Runs a collection to its end. */
async function collect(client: OciClient): Promise<void> {
  const { status } = await client.request('POST', '/v1/gc');
  if (status !== 202) throw new Error(`A collection got ${status}`);
  while ((await client.request('GET', '/v1/gc/status')).json().running) await sleep(pollMs);
}
