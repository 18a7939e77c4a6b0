import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureAll } from './measure.ts';
import { dockerRegistry } from './peers/docker-registry.ts';
import { mcr } from './peers/mcr.ts';
import { formatTable, summarize } from './report.ts';
import { blobPull, blobPush } from './workloads/blob-transfers.ts';
import { imagePushes } from './workloads/image-pushes.ts';
import { manifestReads } from './workloads/manifest-reads.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});

const peers = [mcr, dockerRegistry];
const workloads = [
  manifestReads('GET', 1),
  manifestReads('GET', 16),
  manifestReads('HEAD', 16),
  blobPull,
  blobPush,
  imagePushes(1),
  imagePushes(10),
].filter(({ name }) => name.includes(values.only));

const series = await measureAll(peers, workloads, {
  quick: values.quick,
  rounds: Number(values.rounds),
  onRound: (line) => process.stderr.write(`${line}\n`),
});
const rows = summarize(series);
const conditions = peers.map(({ name, conditions }) => `${name}: ${conditions}`);
process.stdout.write(`${formatTable(rows)}\n\n${conditions.join('\n')}\n`);
if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ conditions, rows, series }, undefined, 2));
