import { mediaTypes } from '@mcr/core';
import { Connection, requestHead } from '../connection.ts';
import type { Image } from '../content.ts';
import { measured } from '../measured.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { pullImage } from '../pull.ts';
import { expectStatus, pushImage } from '../push.ts';
import { warmedUp } from '../repeat.ts';
import type { Workload } from '../workload.ts';

/** Whole pulls of clients that have no connection and no token yet, as CI jobs and nodes of a cluster are. */
export const pullsOfNewClients: readonly Workload[] = [1, 16].map(pullOfNewClients);

function pullOfNewClients(clients: number): Workload {
  return {
    name: `small image pull with connection and login, ${clients} ${clients === 1 ? 'client' : 'clients'}`,
    async measure(peer, scale) {
      const image = await pushed(peer);
      const lanes = Array.from({ length: clients });
      const pull = async (): Promise<void> => {
        using connection = await Connection.open(peer);
        await logIn(connection, peer);
        const path = `/v2/${image.repository}/manifests/${image.tag}`;
        const head = requestHead(peer, 'HEAD', path, { Accept: mediaTypes.ociManifest });
        await expectStatus(200, connection.send(head));
        await pullImage(connection, peer, image);
      };
      return await measured(peer, 'image', await warmedUp(lanes, scale, pull));
    },
  };
}

/** The challenge, and the token. The server's work is the same whichever of its tokens is sent afterwards. */
async function logIn(connection: Connection, peer: RunningPeer): Promise<void> {
  const { authorization, login, ...stranger } = peer;
  await expectStatus(authorization === undefined ? 200 : 401, connection.send(requestHead(stranger, 'GET', '/v2/')));
  if (login === undefined) return;
  const request = requestHead({ ...stranger, authorization: login.authorization }, 'GET', login.path);
  await expectStatus(200, connection.send(request));
}

async function pushed(peer: RunningPeer): Promise<Image> {
  using connection = await Connection.open(peer);
  return await pushImage(connection, peer, 'bench/new-clients', 'v1');
}
