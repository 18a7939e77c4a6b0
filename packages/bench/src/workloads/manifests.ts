import { mediaTypes } from '@mcr/core';
import { Connection, requestHead } from '../connection.ts';
import { measured } from '../measured.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { expectStatus, type Image, pushImage } from '../push.ts';
import { openConnections, warmedUp } from '../repeat.ts';
import type { Workload } from '../workload.ts';

const repository = 'bench/manifests';

interface Reading {
  readonly method: 'HEAD' | 'GET';
  readonly by: 'tag' | 'digest';
  readonly connections: number;
  readonly keepAlive: boolean;
}

/** Reads of one manifest, in every combination. */
export const manifestReads: readonly Workload[] = [true, false].flatMap((keepAlive) =>
  (['GET', 'HEAD'] as const).flatMap((method) =>
    (['tag', 'digest'] as const).flatMap((by) =>
      [1, 16, 64].map((connections) => manifestRead({ method, by, connections, keepAlive })),
    ),
  ),
);

/** Many of them. */
export const manifestWarmUp = manifestRead({ method: 'GET', by: 'tag', connections: 16, keepAlive: true });

function manifestRead({ method, by, connections, keepAlive }: Reading): Workload {
  const how = keepAlive ? 'keep-alive' : 'one connection per request';
  return {
    name: `manifest ${method} by ${by}, ${connections} ${connections === 1 ? 'client' : 'clients'}, ${how}`,
    isStatic: by === 'tag' && connections === 16,
    async measure(peer, scale) {
      const head = readHead(peer, method, by, await pushed(peer));
      if (!keepAlive) {
        const lanes = Array.from({ length: connections }, () => undefined);
        return await measured(peer, 'request', await warmedUp(lanes, scale, () => once(peer, head)));
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

async function once(peer: RunningPeer, head: string): Promise<void> {
  using connection = await Connection.open(peer);
  await expectStatus(200, connection.send(head));
}

function readHead(peer: RunningPeer, method: string, by: Reading['by'], { tag, manifest }: Image): string {
  const path = `/v2/${repository}/manifests/${by === 'tag' ? tag : manifest.digest}`;
  return requestHead(peer, method, path, { Accept: mediaTypes.ociManifest });
}
