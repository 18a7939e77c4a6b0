import { Connection, requestHead } from '../connection.ts';
import { type Content, uniqueContent } from '../content.ts';
import { Crew } from '../crew.ts';
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

/** One of each kind; what they pushed is pulled by the workloads too. */
export function blobPullWarmUps({ largeBlob }: Scale): readonly Workload[] {
  return [largeBlobPull(largeBlob, 1), smallBlobPulls(16)];
}

/** All clients pull the same blob, each the whole of it. */
function largeBlobPull(size: number, clients: number): Workload {
  return {
    name: `blob pull ${formatBytes(size)}, ${clients === 1 ? '1 client' : `${clients} clients`}`,
    isStatic: true,
    async measure(peer) {
      const head = pullHead(peer, await pushedOnce(peer, size));
      await using crew = await Crew.open({ address: peer, head, clients, keepAlive: true });
      return await measured(peer, 'MiB', async () => (await crew.repeat(0)).bodyBytes / mebibyte);
    },
  };
}

/** Each client pulls another blob, again and again. */
export function smallBlobPulls(clients: number): Workload {
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

const known = new WeakMap<RunningPeer, Content>();

/** Pushes a blob that every pull of this peer may share. */
async function pushedOnce(peer: RunningPeer, size: number): Promise<Content> {
  const content = known.get(peer) ?? (await pushed(peer, size));
  known.set(peer, content);
  return content;
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

/** The static responder takes the size of its response from the name. */
function repositoryOf(size: number): string {
  return `bench/blobs-${size}`;
}
