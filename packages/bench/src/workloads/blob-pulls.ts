import { Connection, requestHead } from '../connection.ts';
import { type Content, uniqueContent } from '../content.ts';
import { measured } from '../measured.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { expectStatus, pushBlob } from '../push.ts';
import { openConnections, warmedUp } from '../repeat.ts';
import { formatBytes, type Scale } from '../scale.ts';
import type { Workload } from '../workload.ts';

const mebibyte = 1 << 20;
const smallBlob = 4_096;

/** Pulls of blobs, large and small. */
export function blobPulls({ largeBlob }: Scale): readonly Workload[] {
  return [largeBlobPull(largeBlob, 1), largeBlobPull(largeBlob, 8), smallBlobPulls(16)];
}

/** One pull, after which everybody's files are in the page cache. */
export function blobPullWarmUp({ largeBlob }: Scale): Workload {
  return largeBlobPull(largeBlob, 1);
}

/** All clients pull the same blob, each the whole of it. */
function largeBlobPull(size: number, clients: number): Workload {
  return {
    name: `blob pull ${formatBytes(size)}, ${clients === 1 ? '1 client' : `${clients} clients`}`,
    isStatic: clients === 1,
    async measure(peer) {
      const head = pullHead(peer, await pushed(peer, size));
      using open = await openConnections(peer, clients);
      return await measured(peer, 'MiB', async () => {
        const answers = await Promise.all(open.map((connection) => expectStatus(200, connection.send(head))));
        return answers.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0) / mebibyte;
      });
    },
  };
}

/** Each client pulls another blob, again and again. */
function smallBlobPulls(clients: number): Workload {
  return {
    name: `blob pull ${formatBytes(smallBlob)}, ${clients} clients`,
    isStatic: true,
    async measure(peer, scale) {
      const heads: string[] = [];
      for (let i = 0; i < clients; i += 1) heads.push(pullHead(peer, await pushed(peer, smallBlob)));
      using open = await openConnections(peer, clients);
      const pull = (connection: Connection, index: number) => expectStatus(200, connection.send(heads[index]!));
      return await measured(peer, 'request', await warmedUp(open, scale, pull));
    },
  };
}

async function pushed(peer: RunningPeer, size: number): Promise<Content> {
  const content = uniqueContent(size);
  using connection = await Connection.open(peer);
  await pushBlob(connection, peer, repositoryOf(size), content);
  return content;
}

function pullHead(peer: RunningPeer, { size, digest }: Content): string {
  return requestHead(peer, 'GET', `/v2/${repositoryOf(size)}/blobs/${digest}`);
}

/** The static responder learns from the name how much to answer. */
function repositoryOf(size: number): string {
  return `bench/blobs-${size}`;
}
