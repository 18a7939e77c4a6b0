// `node packages/bench/src/syncs/run.ts`: how often each registry asks the disk to make data durable, by strace, for each step of a
// push. `--peer FILE` and `--beside NAME=PATH` add registries, as for the benchmark.
import { parseArgs } from 'node:util';
import { Connection } from '../connection.ts';
import { uniqueContent } from '../content.ts';
import { peersBeside } from '../groups.ts';
import { readBuild } from '../peers/build.ts';
import { mcrWorkers } from '../peers/mcr.ts';
import type { RunningPeer } from '../peers/peer.ts';
import { readPeerFile } from '../peers/peer-file.ts';
import { pullImage } from '../pull.ts';
import { pushAgain, pushBlob, pushImage, putManifest, uniqueImage, withAnnotation } from '../push.ts';
import { startSyncCounter } from './sync-counter.ts';

const repository = 'bench/syncs';
const many = { type: 'string', multiple: true } as const;
const { values } = parseArgs({ options: { peer: many, beside: many } });
const names = peersBeside([]).map(({ name }) => name);
const builds = (values.beside ?? []).map((text) => readBuild(text, names));
const others = (values.peer ?? []).map((path) => readPeerFile(path, names));

type Step = (connection: Connection, peer: RunningPeer) => Promise<unknown>;

const image = uniqueImage(repository, 'v1');
const another = withAnnotation(image, 'v2');
/** In this order, in one repository that has had a push before. */
const steps: readonly (readonly [name: string, step: Step])[] = [
  ['blob of 4 KiB, one PUT', (...to) => pushBlob(...to, repository, uniqueContent(4_096), 'one PUT')],
  ['blob of 4 KiB, one PATCH', (...to) => pushBlob(...to, repository, uniqueContent(4_096), 'one PATCH')],
  ['blob of 20 MiB, 5 MiB chunks', (...to) => pushBlob(...to, repository, uniqueContent(20 << 20), '5 MiB chunks')],
  ['image of two layers', (...to) => pushImage(...to, repository, 'v1', image)],
  ['the same image again', (...to) => pushAgain(...to, image)],
  ['another manifest of its blobs', (...to) => putManifest(...to, another)],
  ['pull of the image', (...to) => pullImage(...to, image)],
];

const rows: (readonly (number | string)[])[] = steps.map(([name]) => [name]);
const heads: string[] = [];
for (const peer of peersBeside(builds, others)) {
  // Its syncs are those of one process, made by several.
  if (peer === mcrWorkers || (await peer.version()) === undefined) continue;
  heads.push(peer.name);
  const counts = await countOn(await peer.start());
  for (const [at, count] of counts.entries()) rows[at] = [...rows[at]!, count];
}
for (const cells of [['syncs', ...heads], ['---', ...heads.map(() => '--:')], ...rows]) {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

async function countOn(started: RunningPeer): Promise<readonly number[]> {
  await using peer = started;
  using connection = await Connection.open(peer);
  await pushImage(connection, peer, repository, 'v0');
  await using counter = await startSyncCounter(peer.pid);
  const counts: number[] = [];
  for (const [, step] of steps) counts.push(await counter.count(() => step(connection, peer)));
  return counts;
}
