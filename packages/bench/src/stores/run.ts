// `node packages/bench/src/stores/run.ts`: what MCR costs on PostgreSQL and S3, and as replicas, with SQLite and a disk in the same
// run as 1. `--help` describes the options.
import { parseArgs } from 'node:util';
import { startBareProxy } from './bare-proxy.ts';
import { type Contender, startContender, startReplicaContender } from './contenders.ts';
import { type Load, type Measure, manifestGets, pulls, pushes, redirectedPulls } from './measures.ts';
import { callsTable, measureTable } from './report.ts';
import { countS3Calls } from './s3-calls.ts';
import { separateGets, startSeparateContenders } from './separate.ts';
import { fillWithTags, startToReady } from './starts.ts';

const usage = `node packages/bench/src/stores/run.ts [options], after npm run build

Needs PostgreSQL 15, versitygw and haproxy, and a machine that does nothing else. CPU is that of mcrsrv only.

  --seconds N      for how long each is measured in a round; default: 5
  --rounds N       rounds; each measures all of them, in turn; default: 3
  --clients N      kept-alive connections, to each replica; default: 32
  --blobs N        blobs of 16 MiB that a round pushes; default: 16
  --replicas LIST  numbers of replicas; default: 1,2,3
  --tags N         tags that are there when a start is measured; default: 1000000
  --only LIST      some of gets, pushes, pulls, redirects, replicas, starts and calls; default: all
  --json           prints every round as one JSON document
`;
const number = (fallback: string) => ({ type: 'string', default: fallback }) as const;
const { values } = parseArgs({
  options: {
    seconds: number('5'),
    rounds: number('3'),
    clients: number('32'),
    blobs: number('16'),
    replicas: number('1,2,3'),
    tags: number('1000000'),
    only: number('gets,pushes,pulls,redirects,replicas,starts,calls'),
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(usage);
else await main();

type Subject = (load: Load) => Promise<Measure>;

async function main(): Promise<void> {
  const load = { seconds: Number(values.seconds), clients: Number(values.clients), blobs: Number(values.blobs) };
  const rounds = Number(values.rounds);
  const measures = [
    ...(isWanted('gets', 'pushes', 'pulls', 'redirects') ? await inTurn(stored, rounds, load) : []),
    ...(isWanted('replicas') ? await inTurn(replicated, rounds, load) : []),
    ...(isWanted('starts') ? await inTurn(filled, rounds, load) : []),
  ];
  const calls = isWanted('calls') ? await countS3Calls() : [];
  process.stdout.write(
    values.json ? `${JSON.stringify({ measures, calls })}\n` : `${measureTable(measures)}\n${callsTable(calls)}`,
  );
}

function isWanted(...names: readonly string[]): boolean {
  const wanted = values.only.split(',');
  return names.some((name) => wanted.includes(name));
}

/** Measures all subjects, one right after the other, in each round. The first round warms up. */
async function inTurn(
  open: (resources: AsyncDisposableStack) => Promise<readonly Subject[]>,
  rounds: number,
  load: Load,
): Promise<readonly Measure[]> {
  await using resources = new AsyncDisposableStack();
  const subjects = await open(resources);
  const measures: Measure[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    for (const measure of subjects) {
      const measured = await measure(load);
      if (round > 0) measures.push(measured);
    }
  }
  return measures;
}

async function stored(resources: AsyncDisposableStack): Promise<readonly Subject[]> {
  const sqlite = resources.use(await startContender('SQLite + disk'));
  const disk = resources.use(await startContender('PostgreSQL + disk'));
  const s3 = resources.use(await startContender('PostgreSQL + S3'));
  const redirecting = resources.use(await startContender('PostgreSQL + S3, redirects'));
  const measures = Object.entries({ gets: manifestGets, pushes, pulls }).filter(([name]) => isWanted(name));
  const all = measures.flatMap(([, measure]) => [sqlite, disk, s3].map((contender) => subject(contender, measure)));
  if (isWanted('pulls')) all.push(await startBareProxy(redirecting, resources));
  if (isWanted('redirects')) all.push(subject(redirecting, manifestGets), subject(redirecting, redirectedPulls));
  return all;
}

function subject(contender: Contender, measure: (contender: Contender, load: Load) => Promise<Measure>): Subject {
  return (load) => measure(contender, load);
}

async function replicated(resources: AsyncDisposableStack): Promise<readonly Subject[]> {
  const subjects: Subject[] = [];
  for (const count of values.replicas.split(',').map(Number)) {
    const replicas = resources.use(await startReplicaContender(count));
    const separate = await startSeparateContenders(count, resources);
    subjects.push(async (load) => {
      // A replica reads for all requests of a turn at once: each gets as many clients as one alone.
      const measured = await manifestGets(replicas, { ...load, clients: load.clients * count });
      return { ...measured, what: 'manifest GET of replicas, ms/request' };
    });
    subjects.push((load) => separateGets(separate, load));
  }
  return subjects;
}

async function filled(resources: AsyncDisposableStack): Promise<readonly Subject[]> {
  const subjects: Subject[] = [];
  for (const name of ['SQLite + disk', 'PostgreSQL + S3'] as const) {
    const contender = resources.use(await startContender(name));
    await fillWithTags(contender, Number(values.tags));
    subjects.push(() => startToReady(contender));
  }
  return subjects;
}
