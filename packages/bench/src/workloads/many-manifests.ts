import { mediaTypes } from '@mcr/core';
import { Connection, requestHead } from '../connection.ts';
import { measured } from '../measured.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { expectStatus, pushBlob, putManifest, uniqueImage, withAnnotation } from '../push.ts';
import { openConnections, warmedUp } from '../repeat.ts';
import type { Scale } from '../scale.ts';
import type { Workload } from '../workload.ts';

const tagsOfRepository = 20;
const clients = 16;

/** Reads of manifests at random over more tags than registries keep in their caches. */
export function randomManifests({ manyTags }: Scale): Workload {
  return {
    name: `manifest GET at random over ${manyTags.toLocaleString('en-US')} tags, ${clients} clients, keep-alive`,
    async measure(peer, scale) {
      const heads = await pushedOnce(peer, manyTags);
      using open = await openConnections(peer, clients);
      const random = generator(1);
      const read = (connection: Connection) => expectStatus(200, connection.send(heads[random(heads.length)]!));
      return await measured(peer, 'request', await warmedUp(open, scale, read));
    },
  };
}

const known = new WeakMap<RunningPeer, readonly string[]>();

/** Pushes the images, of which those of one repository share their blobs; gives a request for each. */
async function pushedOnce(peer: RunningPeer, tags: number): Promise<readonly string[]> {
  const heads = known.get(peer) ?? (await pushed(peer, tags));
  known.set(peer, heads);
  return heads;
}

async function pushed(peer: RunningPeer, tags: number): Promise<readonly string[]> {
  using connection = await Connection.open(peer);
  const heads: string[] = [];
  for (let index = 0; index * tagsOfRepository < tags; index += 1) {
    const repository = `bench/many-${index}`;
    const image = uniqueImage(repository, 'base');
    for (const content of image.blobs) await pushBlob(connection, peer, repository, content);
    for (let n = 0; n < tagsOfRepository; n += 1) {
      const one = withAnnotation(image, `v${n}`);
      await putManifest(connection, peer, one);
      const path = `/v2/${repository}/manifests/${one.tag}`;
      heads.push(requestHead(peer, 'GET', path, { Accept: mediaTypes.ociManifest }));
    }
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
