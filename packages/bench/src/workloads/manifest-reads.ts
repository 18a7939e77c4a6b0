import { mediaTypes } from '@mcr/core';
import { Connection, requestHead } from '../connection.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { expectStatus, pushImage } from '../push.ts';
import type { Workload } from './workload.ts';

const repository = 'bench/manifests';

/** Reads one manifest by tag, again and again, over kept-alive connections. */
export function manifestReads(method: 'GET' | 'HEAD', connections: number): Workload {
  return {
    name: `manifest ${method} by tag, ${connections} connections`,
    unit: 'requests',
    async prepare(peer, { quick }) {
      using first = await Connection.open(peer);
      await pushImage(first, peer, repository, 'v1');
      const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(peer)));
      const each = Math.ceil((quick ? 2_000 : 20_000) / connections);
      const head = readHead(peer, method);
      return async () => {
        await Promise.all(open.map((connection) => repeat(connection, head, each)));
        for (const connection of open) connection[Symbol.dispose]();
        return each * connections;
      };
    },
  };
}

function readHead(peer: RunningPeer, method: string): string {
  const head = requestHead(peer, method, `/v2/${repository}/manifests/v1`);
  return head.replace('\r\n\r\n', `\r\nAccept: ${mediaTypes.ociManifest}\r\n\r\n`);
}

async function repeat(connection: Connection, head: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) await expectStatus(200, connection.send(head));
}
