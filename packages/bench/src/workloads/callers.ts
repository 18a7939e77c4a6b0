import { mediaTypes } from '@mcr/core';
import { Connection, requestHead } from '../connection.ts';
import { measured } from '../measured.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { expectStatus, pushImage } from '../push.ts';
import { openConnections, warmedUp } from '../repeat.ts';
import type { Workload } from '../workload.ts';

const repository = 'bench/callers';
const clients = 16;

/** Reads of one manifest by other callers than one whose token is always the same; without a login where there is none. */
export const readsOfCallers: readonly Workload[] = [
  read(`manifest GET by tag, ${clients} clients with a token each`, (peer) =>
    Promise.all(Array.from({ length: clients }, async () => await peer.callers?.another())),
  ),
  read(
    `manifest GET by tag, ${clients} clients, allowed by the last of ten rules`,
    async (peer) => Array.from({ length: clients }).fill(await restricted(peer)) as string[],
  ),
];

/** Each client sends one of these headers. */
function read(
  name: string,
  authorizationsOf: (peer: RunningPeer) => Promise<readonly (string | undefined)[]>,
): Workload {
  return {
    name,
    async measure(peer, scale) {
      await push(peer);
      const heads = (await authorizationsOf(peer)).map((authorization) =>
        requestHead(
          { ...peer, ...(authorization !== undefined && { authorization }) },
          'GET',
          `/v2/${repository}/manifests/v1`,
          { Accept: mediaTypes.ociManifest },
        ),
      );
      using open = await openConnections(peer, clients);
      const send = (one: Connection, client: number) => expectStatus(200, one.send(heads[client]!));
      return await measured(peer, 'request', await warmedUp(open, scale, send));
    },
  };
}

const known = new WeakMap<RunningPeer, Promise<string | undefined>>();

/** Its account is made once. */
function restricted(peer: RunningPeer): Promise<string | undefined> {
  const made = known.get(peer) ?? Promise.resolve(peer.callers?.allowedLast(repository));
  known.set(peer, made);
  return made;
}

async function push(peer: RunningPeer): Promise<void> {
  using connection = await Connection.open(peer);
  await pushImage(connection, peer, repository, 'v1');
}
