import { Connection } from '../connection.ts';
import type { Image } from '../content.ts';
import { Latencies } from '../latencies.ts';
import { measured } from '../measured.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { pullImage } from '../pull.ts';
import { pushImage, uniqueImage } from '../push.ts';
import { openConnections, repeat } from '../repeat.ts';
import type { Workload } from '../workload.ts';

const clients = 16;
const images = 20;
const layerBytes = 64 << 10;
/** One operation of so many is a push. */
const pushEvery = 10;
/** How many times longer than others this warms up, since percentiles tell of slow beginnings. */
export const warmUps = 8;

/** An ordinary hour, in short: 90 % pulls of a few images, 10 % pushes of new ones, each of two layers of 64 KiB. */
export const mixed: Workload = {
  name: `90 % pulls, 10 % pushes, ${clients} clients`,
  async measure(peer, { mixedSeconds, warmUpSeconds }) {
    const known = await pushImages(peer);
    using open = await openConnections(peer, clients);
    const warmUp = mixOf(peer, known, 'warm-up');
    await repeat(open, warmUpSeconds * warmUps, warmUp.act);
    const { act, pulls, pushes } = mixOf(peer, known, 'v');
    const figures = await measured(peer, 'operation', () => repeat(open, mixedSeconds, act));
    return { ...figures, ...pulls.figures('pull'), ...pushes.figures('push') };
  },
};

function mixOf(peer: RunningPeer, known: readonly Image[], tag: string) {
  const [pulls, pushes] = [new Latencies(), new Latencies()];
  const act = async (connection: Connection, client: number, turn: number): Promise<void> => {
    if ((client + turn) % pushEvery !== 0) {
      const image = known[(client * 7 + turn) % known.length]!;
      return await pulls.time(() => pullImage(connection, peer, image));
    }
    const image = uniqueImage(`bench/mixed-${client}`, `${tag}${turn}`, layerBytes);
    await pushes.time(() => pushImage(connection, peer, image.repository, image.tag, image));
  };
  return { pulls, pushes, act };
}

/** Pushes the images that are pulled. */
export async function pushImages(peer: RunningPeer): Promise<readonly Image[]> {
  using connection = await Connection.open(peer);
  const known = Array.from({ length: images }, (_, i) => uniqueImage('bench/mixed', `v${i}`, layerBytes));
  for (const image of known) await pushImage(connection, peer, image.repository, image.tag, image);
  return known;
}
