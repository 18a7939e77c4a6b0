import { mediaTypes } from '@mcr/core';
import { type Connection, requestHead } from '../connection.ts';
import type { Image } from '../content.ts';
import { measured } from '../measured.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { expectStatus, pushImage, putManifest, withAnnotation } from '../push.ts';
import { openConnections, warmedUp } from '../repeat.ts';
import type { Scale } from '../scale.ts';
import type { Workload } from '../workload.ts';

const maxRepositories = 100;
const minTagsOfRepository = 20;
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

/** Pushes the blobs, which the images of one repository share, and the images, if they cannot be filled in; gives a request for each. */
async function pushed(peer: RunningPeer, tags: number): Promise<readonly string[]> {
  using open = await openConnections(peer, clients);
  const count = Math.min(maxRepositories, tags / minTagsOfRepository);
  const repositories = Array.from({ length: count }, (_, at) => `bench/${tags}-${at}`);
  const images: Image[] = [];
  const left = repositories.values();
  const push = async (connection: Connection): Promise<void> => {
    for (const repository of left) {
      const base = await pushImage(connection, peer, repository, 'base');
      const own = Array.from({ length: tags / count }, (_, n) => withAnnotation(base, `v${n}`));
      if (peer.fill === undefined) for (const image of own) await putManifest(connection, peer, image);
      images.push(...own);
    }
  };
  await Promise.all(open.map(push));
  peer.fill?.(images);
  return images.map(({ repository, tag }) =>
    requestHead(peer, 'GET', `/v2/${repository}/manifests/${tag}`, { Accept: mediaTypes.ociManifest }),
  );
}

/** Whole numbers below a limit, in the same order each time (a linear congruential generator, as in Numerical Recipes). */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
