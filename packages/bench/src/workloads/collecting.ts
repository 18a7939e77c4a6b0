import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../connection.ts';
import { collectGarbage, pushGarbage, pushMuchGarbage } from '../garbage.ts';
import { Latencies } from '../latencies.ts';
import { measured } from '../measured.ts';
import type { Build } from '../peers/build.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { type TwoStates, twoStates } from '../peers/two-states.ts';
import { pullImage } from '../pull.ts';
import { openConnections, repeat } from '../repeat.ts';
import type { Figures, Group, Workload } from '../workload.ts';
import { pushImages, warmUps } from './mixed.ts';

const clients = 16;
const graceSeconds = 3;
const settings = { MCR_GC_GRACE_PERIOD: `${graceSeconds}s`, MCR_GC_INTERVAL: '0' };

/** What pulls cost while garbage is collected. */
export function collectingGroup(builds: readonly Build[]): Group {
  const { isInFirst, ...compared } = twoStates(['collecting', 'not collecting'], settings, builds);
  return {
    ...compared,
    name: 'Pulls while garbage is collected',
    about:
      `All are MCR. While 16 clients pull, one more pushes blobs that nothing references, due after ${graceSeconds} seconds. ` +
      'One contender runs one collection after the other, each of which also compares all files with the database.',
    chart: 'bars',
    workloads: [pulls(isInFirst)],
  };
}

/** One client leaves garbage behind all the time; one of the contenders collects it all the time. */
const pulls = (isCollecting: TwoStates['isInFirst']): Workload => ({
  name: `image pulls, ${clients} clients`,
  async measure(peer, { mixedSeconds, warmUpSeconds, garbage }) {
    const seconds = mixedSeconds / 2;
    const known = await pushImages(peer);
    await pushMuchGarbage(peer, garbage);
    using litterer = await Connection.open(peer);
    await sleep(graceSeconds * 1_000);

    using open = await openConnections(peer, clients);
    let latencies = new Latencies();
    const pull = (connection: Connection, client: number, turn: number) =>
      latencies.time(() => pullImage(connection, peer, known[(client * 7 + turn) % known.length]!));
    await repeat(open, warmUpSeconds * warmUps, pull);
    latencies = new Latencies();
    const stopping = new AbortController();
    const collections = isCollecting(peer) ? collectUntil(stopping.signal, peer) : undefined;
    const figures = await measured(peer, 'image', async () => {
      const littering = repeat([litterer], seconds, () => pushGarbage(litterer, peer));
      const [count] = await Promise.all([repeat(open, seconds, pull), littering]);
      return count;
    });
    stopping.abort();
    return { ...figures, ...latencies.figures('pull'), ...(await collections) };
  },
});

async function collectUntil(stop: AbortSignal, peer: RunningPeer): Promise<Figures> {
  await using client = peer.client();
  let [runs, blobs] = [0, 0];
  const begun = performance.now();
  while (!stop.aborted) {
    const { blobsRemoved } = await collectGarbage(client, true);
    runs += 1;
    blobs += blobsRemoved;
  }
  const seconds = (performance.now() - begun) / 1_000;
  return { 'collections/s': runs / seconds, 'collected blobs/s': blobs / seconds };
}
