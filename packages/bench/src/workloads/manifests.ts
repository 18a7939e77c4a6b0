import { mediaTypes } from '@mcr/core';
import { Connection, requestHead } from '../connection.ts';
import type { Image } from '../content.ts';
import { Crew } from '../crew.ts';
import { measured } from '../measured.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { expectStatus, pushImage } from '../push.ts';
import { openConnections, warmedUp } from '../repeat.ts';
import type { Workload } from '../workload.ts';

const repository = 'bench/manifests';

/** How a manifest is read. */
export interface Reading {
  readonly method: 'HEAD' | 'GET';
  readonly by: 'tag' | 'digest';
  readonly connections: number;
  readonly keepAlive: boolean;
}

/** Reads of one manifest. By digest and by tag cost the same but for one lookup, and so do GET and HEAD in a handshake. */
export const manifestReads: readonly Workload[] = [
  ...(['GET', 'HEAD'] as const).flatMap((method) => [
    ...[1, 16, 64].map((connections) => manifestRead({ method, by: 'tag', connections, keepAlive: true })),
    manifestRead({ method, by: 'digest', connections: 16, keepAlive: true }),
  ]),
  manifestRead({ method: 'GET', by: 'tag', connections: 16, keepAlive: false }),
  ...[1, 16, 64].map((connections) => manifestRead({ method: 'HEAD', by: 'tag', connections, keepAlive: false })),
];

/** Some of each kind. */
export const manifestWarmUps: readonly Workload[] = [
  manifestRead({ method: 'GET', by: 'tag', connections: 16, keepAlive: true }),
  manifestRead({ method: 'HEAD', by: 'digest', connections: 16, keepAlive: true }),
  manifestRead({ method: 'GET', by: 'tag', connections: 16, keepAlive: false }),
];

/** Reads of one manifest, again and again. */
export function manifestRead({ method, by, connections, keepAlive }: Reading): Workload {
  const how = keepAlive ? 'keep-alive' : 'one connection per request';
  return {
    name: `manifest ${method} by ${by}, ${connections} ${connections === 1 ? 'client' : 'clients'}, ${how}`,
    isStatic: by === 'tag' && connections === 16,
    async measure(peer, scale) {
      const head = readHead(peer, method, by, await pushed(peer));
      if (!keepAlive) {
        await using crew = await Crew.open({ address: peer, head, clients: connections, keepAlive });
        await crew.repeat(scale.warmUpSeconds);
        return await measured(peer, 'request', async () => (await crew.repeat(scale.seconds)).requests);
      }
      using open = await openConnections(peer, connections);
      return await measured(peer, 'request', await warmedUp(open, scale, (one) => expectStatus(200, one.send(head))));
    },
  };
}

async function pushed(peer: RunningPeer): Promise<Image> {
  using connection = await Connection.open(peer);
  return await pushImage(connection, peer, repository, 'v1');
}

function readHead(peer: RunningPeer, method: string, by: Reading['by'], { tag, manifest }: Image): string {
  const path = `/v2/${repository}/manifests/${by === 'tag' ? tag : manifest.digest}`;
  return requestHead(peer, method, path, { Accept: mediaTypes.ociManifest });
}
