import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '@mcr/testkit';
import { type Connection, requestHead } from '../connection.ts';
import { uniqueContent } from '../content.ts';
import { peakRssOf, rssOf } from '../memory.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { expectStatus, pushBlob } from '../push.ts';
import { openConnections } from '../repeat.ts';
import { formatBytes, type Scale } from '../scale.ts';
import type { Figures, Workload } from '../workload.ts';

const repository = 'bench/memory';
const megabyte = 1e6;
const settlingMs = 1_000;
/** Shared by all pulling clients. */
const pulledBlobs = 5;

/** Memory of the server: at rest, and with many concurrent transfers. Megabytes of 10^6 bytes. */
export function memoryUse({ transfers, mediumBlob }: Scale): readonly Workload[] {
  const many = `${transfers} concurrent`;
  const size = formatBytes(mediumBlob);
  return [
    idle,
    {
      name: `${many} pushes of ${size}`,
      async measure(peer) {
        const contents = Array.from({ length: transfers }, () => uniqueContent(mediumBlob));
        using open = await openConnections(peer, transfers);
        const push = (connection: Connection, i: number) => pushBlob(connection, peer, repository, contents[i]!);
        return await peakOf(peer, () => Promise.all(open.map(push)));
      },
    },
    {
      name: `${many} pulls of ${size}`,
      async measure(peer) {
        const contents = Array.from({ length: pulledBlobs }, () => uniqueContent(mediumBlob));
        const heads = contents.map(({ digest }) => requestHead(peer, 'GET', `/v2/${repository}/blobs/${digest}`));
        using open = await openConnections(peer, transfers);
        for (const content of contents) await pushBlob(open[0]!, peer, repository, content);
        const pull = (connection: Connection, i: number) => expectStatus(200, connection.send(heads[i % pulledBlobs]!));
        return await peakOf(peer, () => Promise.all(open.map(pull)));
      },
    },
  ];
}

const idle: Workload = {
  name: 'idle after start',
  async measure(peer) {
    await sleep(settlingMs);
    return { 'RSS MB': (await rssOf(peer.pid)) / megabyte };
  },
};

async function peakOf({ pid }: RunningPeer, work: () => Promise<unknown>): Promise<Figures> {
  await run('sync', []);
  return { 'peak RSS MB': (await peakRssOf(pid, work)) / megabyte };
}
