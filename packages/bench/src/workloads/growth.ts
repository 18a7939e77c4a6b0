import { setTimeout as sleep } from 'node:timers/promises';
import { mediaTypes } from '@mcr/core';
import { Connection, requestHead } from '../connection.ts';
import { cpuSeconds } from '../cpu.ts';
import { largeRepository, repositoriesFor, repositoryName, tagName } from '../fill.ts';
import { collectGarbage, pushMuchGarbage } from '../garbage.ts';
import { measured } from '../measured.ts';
import { FilledMcr, filledGraceMs } from '../peers/filled.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { expectStatus } from '../push.ts';
import { repeat } from '../repeat.ts';
import type { Scale } from '../scale.ts';
import type { Figures, Group, Workload } from '../workload.ts';
import { besideWorkloads } from './beside.ts';
import { startToReady } from './start.ts';

const pageSize = 100;
/** Different requests of one kind, spread evenly: as many at every size, so that a cache does as much everywhere. */
const variety = 250;

/** The same work on registries of different sizes. */
export function growth({ tags }: Scale): Group {
  const contenders = tags.map((count) => new FilledMcr(count));
  const sizes = new Map(contenders.map((contender) => [contender.name, contender.tags]));
  const tagsOf = ({ name }: RunningPeer): number => sizes.get(name) ?? 0;
  const [smallest, ...larger] = contenders;
  const manifests = (peer: RunningPeer): readonly string[] =>
    spread(tagsOf(peer) / 2).map((n) => manifestHead(peer, largeRepository, n));
  const kinds = [
    requests('manifest by tag', manifests),
    requests(`tag list, a page of ${pageSize}`, (peer) =>
      spread(tagsOf(peer) / 2 - pageSize).map((n) =>
        requestHead(peer, 'GET', `/v2/${largeRepository}/tags/list?n=${pageSize}&last=${tagName(n)}`),
      ),
    ),
    requests(`catalog, a page of ${pageSize}`, (peer) =>
      spread(repositoriesFor(tagsOf(peer)) - pageSize - 1).map((n) =>
        requestHead(peer, 'GET', `/v2/_catalog?n=${pageSize}&last=${encodeURIComponent(repositoryName(n + 1))}`),
      ),
    ),
    requests(`audit log, a page of ${pageSize}`, (peer) =>
      spread(tagsOf(peer) - pageSize).map((n) =>
        requestHead(peer, 'GET', `/v1/audit?n=${pageSize}&before=${n + pageSize + 1}`),
      ),
    ),
  ];
  return {
    name: 'Growth',
    about:
      'MCR with more and more tags: half of them in one repository, the others evenly in as many repositories as make 100 ' +
      'tags each (200 at least), a manifest for ten tags, an audit event for each tag. One client. Each kind of request ' +
      'is made in 250 variants, spread over the whole registry. "Beside" is what a client waits for a manifest while another ' +
      'asks for something expensive, again and again: what that costs must not grow with what is stored.',
    chart: 'lines',
    contenders,
    warmUps: kinds,
    comparisons: larger.map(({ name }) => [name, smallest?.name ?? ''] as const),
    workloads: [...kinds, ...besideWorkloads, collection, firstReads(manifests), startToReady],
    async dispose() {
      for (const contender of contenders) await contender[Symbol.asyncDispose]();
    },
  };
}

/** One kind of request, over and over. */
function requests(name: string, headsFor: (peer: RunningPeer) => readonly string[]): Workload {
  return {
    name,
    async measure(peer, { seconds, warmUpSeconds }) {
      using connection = await Connection.open(peer);
      const heads = headsFor(peer);
      const send = (_: unknown, _index: number, turn: number) =>
        expectStatus(200, connection.send(heads[turn % heads.length]!));
      await repeat([0], warmUpSeconds, send);
      return timesOf(await measured(peer, 'request', () => repeat([0], seconds, send)));
    },
  };
}

/** What no client has requested since the server started. Wall time only: there are too few of them to count CPU ticks. */
function firstReads(headsFor: (peer: RunningPeer) => readonly string[]): Workload {
  return {
    name: 'manifest by tag, first read after a start',
    async measure(peer, { firstRequests }) {
      await peer.stop();
      await peer.start();
      using connection = await Connection.open(peer);
      for (let n = 1; n <= firstRequests; n += 1) {
        const head = manifestHead(peer, repositoryName(1 + (n % pageSize)), 0);
        await expectStatus(200, connection.send(head));
      }
      const heads = headsFor(peer);
      const begun = performance.now();
      for (const head of heads) await expectStatus(200, connection.send(head));
      return { 'ms/request': (performance.now() - begun) / heads.length };
    },
  };
}

const collection: Workload = {
  name: 'garbage collection of as many blobs',
  async measure(peer, { garbage }) {
    await pushMuchGarbage(peer, garbage);
    await sleep(filledGraceMs);
    await using client = peer.client();
    const cpuBefore = await cpuSeconds(peer.pid);
    const { milliseconds, blobsRemoved } = await collectGarbage(client, false);
    const cpu = (await cpuSeconds(peer.pid)) - cpuBefore;
    if (blobsRemoved !== garbage) throw new Error(`${blobsRemoved} of ${garbage} blobs were collected`);
    return { 'ms/blob': milliseconds / garbage, 'CPU ms/blob': (cpu * 1_000) / garbage };
  },
};

/** A rate as the time that one took. */
function timesOf({ 'requests/s': rate, ...others }: Figures): Figures {
  return { 'ms/request': 1_000 / (rate ?? Number.NaN), ...others };
}

function manifestHead(peer: RunningPeer, repository: string, tag: number): string {
  return requestHead(peer, 'GET', `/v2/${repository}/manifests/${tagName(tag)}`, { Accept: mediaTypes.ociManifest });
}

/** Numbers from 0 to below `count`, evenly spread. */
function spread(count: number): readonly number[] {
  return Array.from({ length: variety }, (_, i) => Math.floor((i * count) / variety));
}
