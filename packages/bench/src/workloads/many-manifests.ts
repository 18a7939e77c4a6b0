import { mediaTypes } from '@mcr/core';
import { type Connection, requestHead } from '../connection.ts';
import { measured } from '../measured.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { expectStatus, pushBlob, putManifest, uniqueImage, withAnnotation } from '../push.ts';
import { openConnections, warmedUp } from '../repeat.ts';
import type { Scale } from '../scale.ts';
import type { Workload } from '../workload.ts';

const tagsOfRepository = 20;
const clients = 16;

/** Reads of manifests at random over more tags than registries keep in their caches. */
export function randomManifests({ manyTags }: Scale): readonly Workload[] {
  return manyTags.map(randomManifestsOver);
}

function randomManifestsOver(tags: number): Workload {
  const known = new WeakMap<RunningPeer, readonly string[]>();
  return {
    name: `manifest GET at random over ${tags.toLocaleString('en-US')} tags, ${clients} clients, keep-alive`,
    async measure(peer, scale) {
      const heads = known.get(peer) ?? (await pushed(peer, tags));
      known.set(peer, heads);
      using open = await openConnections(peer, clients);
      const random = generator(1);
      const read = (connection: Connection) => expectStatus(200, connection.send(heads[random(heads.length)]!));
      return await measured(peer, 'request', await warmedUp(open, scale, read));
    },
  };
}

/** Pushes the images, of which those of one repository share their blobs; gives a request for each. */
async function pushed(peer: RunningPeer, tags: number): Promise<readonly string[]> {
  using open = await openConnections(peer, clients);
  const heads: string[] = [];
  const repositories = Array.from({ length: tags / tagsOfRepository }, (_, at) => `bench/${tags}-${at}`).values();
  const push = async (connection: Connection): Promise<void> => {
    for (const repository of repositories) heads.push(...(await pushRepository(connection, peer, repository)));
  };
  await Promise.all(open.map(push));
  return heads;
}

async function pushRepository(
  connection: Connection,
  peer: RunningPeer,
  repository: string,
): Promise<readonly string[]> {
  const image = uniqueImage(repository, 'base');
  for (const content of image.blobs) await pushBlob(connection, peer, repository, content);
  const heads: string[] = [];
  for (let n = 0; n < tagsOfRepository; n += 1) {
    const one = withAnnotation(image, `v${n}`);
    await putManifest(connection, peer, one);
    heads.push(requestHead(peer, 'GET', `/v2/${repository}/manifests/${one.tag}`, { Accept: mediaTypes.ociManifest }));
  }
  return heads;
}

/** Whole numbers below a limit, in the same order each time (a linear congruential generator, as in Numerical Recipes). */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
