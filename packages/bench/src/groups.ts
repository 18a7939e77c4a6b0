import { bareNode } from './peers/bare-node.ts';
import type { Build } from './peers/build.ts';
import { distribution, distributionWithTokens, dockerRegistry } from './peers/distribution.ts';
import { mcr, mcrBuild, mcrWorkers } from './peers/mcr.ts';
import type { Peer } from './peers/peer.ts';
import { staticResponder } from './peers/static-responder.ts';
import type { Scale } from './scale.ts';
import type { Group } from './workload.ts';
import { blobPulls, blobPullWarmUps } from './workloads/blob-pulls.ts';
import { blobPushes, blobPushWarmUps } from './workloads/blob-pushes.ts';
import { readsOfCallers } from './workloads/callers.ts';
import { collectingGroup } from './workloads/collecting.ts';
import { commandLine } from './workloads/command-line.ts';
import { growth } from './workloads/growth.ts';
import { imagePushes, imageWarmUps } from './workloads/images.ts';
import { likeForLike } from './workloads/like-for-like.ts';
import { loginsGroup } from './workloads/logins.ts';
import { manifestReads, manifestWarmUps } from './workloads/manifests.ts';
import { randomManifests } from './workloads/many-manifests.ts';
import { memoryUse } from './workloads/memory.ts';
import { mixed } from './workloads/mixed.ts';
import { pullsOfNewClients } from './workloads/new-clients.ts';
import { startToReady } from './workloads/start.ts';

/** What is no registry: it shows what the load generator is able to do, and what Node alone would cost. */
export const responders: readonly Peer[] = [bareNode, staticResponder];

/** The registries that MCR, the first, is compared with, other builds of it next to it, and itself with several workers. */
export function peersBeside(builds: readonly Build[], others: readonly Peer[] = []): readonly Peer[] {
  return [mcr, ...builds.map(mcrBuild), mcrWorkers, distribution, dockerRegistry, ...others];
}

/** A peer that is part of one group only. */
export const peersOfOneGroup: readonly Peer[] = [distributionWithTokens];

/** Whether a contender is another registry, and no MCR. */
function isOther(peer: Peer, builds: readonly Build[]): boolean {
  return peer !== mcr && peer !== mcrWorkers && builds.every(({ name }) => name !== peer.name);
}

/**
 * Everything that is measured, on those peers that are installed. Other builds are not in `Command line`, which starts no
 * server, and not in `Growth`, which fills the database in the form that this checkout gives it.
 */
export function groupsFor(scale: Scale, installed: readonly Peer[], builds: readonly Build[] = []): readonly Group[] {
  const among = {
    chart: 'bars',
    contenders: installed,
    responders,
    comparisons: [
      ...installed.slice(1).map(({ name }) => [mcr.name, name] as const),
      ...installed.filter((peer) => isOther(peer, builds)).map(({ name }) => [mcrWorkers.name, name] as const),
      [mcr.name, bareNode.name] as const,
      [staticResponder.name, mcr.name] as const,
    ],
  } as const;
  return [
    {
      ...among,
      name: 'Manifests',
      about:
        'One manifest of two layers, read again and again. "Clients" ask one after the other, all at once. "At random": ' +
        'any of many tags, which no cache of manifests has all of.',
      warmUps: manifestWarmUps,
      workloads: [...manifestReads, ...readsOfCallers, ...randomManifests(scale)],
    },
    {
      ...among,
      name: 'Blob pulls',
      about: 'Each client of a large blob pulls all of it. Files are in the page cache.',
      warmUps: blobPullWarmUps(scale),
      workloads: blobPulls(scale),
    },
    {
      ...among,
      name: 'Blob pushes',
      about: 'Blobs that the registry has never seen; one client.',
      warmUps: blobPushWarmUps(scale),
      workloads: blobPushes(scale),
    },
    {
      ...among,
      name: 'Images',
      about:
        'Two layers of 4 KiB, a config and a manifest. A re-push asks for each blob and puts the manifest again. A pull with ' +
        'login connects, is challenged, gets a token where the registry has them, asks for the manifest by HEAD, and pulls.',
      warmUps: imageWarmUps,
      workloads: [...imagePushes, ...pullsOfNewClients],
    },
    {
      ...among,
      name: 'Mixed',
      about: 'Images of two layers of 64 KiB. Percentiles are of whole pulls and whole pushes of an image.',
      workloads: [mixed],
    },
    ...(installed.includes(distribution)
      ? [
          likeForLike(
            installed.filter((peer) => !isOther(peer, builds)),
            distributionWithTokens,
          ),
        ]
      : []),
    collectingGroup(builds),
    loginsGroup(builds),
    {
      ...among,
      name: 'Memory',
      about: 'Resident memory of the server process; MB are 10^6 bytes.',
      workloads: memoryUse(scale),
    },
    {
      ...among,
      name: 'Start',
      about: 'An empty registry, from starting the process to its first response.',
      workloads: [startToReady],
    },
    commandLine,
    growth(scale),
  ];
}
