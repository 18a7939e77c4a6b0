import { readArguments } from '../arguments.ts';
import { faultArgument, faultNames } from '../crash/faults/argument.ts';
import { keepLedgers } from './ledger.ts';
import { replicaServers } from './replicas.ts';
import { workerServers } from './workers.ts';

const usage = `node packages/stress/src/ledgers/run.ts [options]

Pushes, pulls and deletes while all workers of a registry, or all replicas on PostgreSQL and S3 whose connections are disturbed,
collect garbage, and kills one of them every two seconds. Prints what happened how often, and exits with 1 when anything acknowledged
was lost or went wrong. Build first; replicas need PostgreSQL, versitygw, haproxy and toxiproxy.

  --seconds 60    how long
  --workers 2     how many workers
  --replicas N    so many replicas instead
  --seed TEXT     what clients do, and which worker is killed when; a new one when absent
  --fault NAME    breaks the server on purpose: ${faultNames}
`;
const { seconds, workers, replicas, seed, fault } = readArguments(usage, {
  seconds: { type: 'string', default: '60' },
  workers: { type: 'string', default: '2' },
  replicas: { type: 'string' },
  seed: { type: 'string', default: String(Date.now()) },
  fault: { type: 'string' },
});
await using build = await faultArgument(fault);
process.stderr.write(`--seed ${seed}\n`);
await using servers =
  replicas === undefined ? await workerServers(Number(workers), build) : await replicaServers(Number(replicas), build);
const report = await keepLedgers(servers, {
  seconds: Number(seconds),
  seed,
  onRound: (counts, violations) => {
    const rounds = counts.get('rounds') ?? 0;
    if (rounds % 10 === 0) process.stderr.write(`${rounds} rounds, ${violations.length} violations\n`);
  },
});
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.violations.length === 0 ? 0 : 1;
