import { withWorkers } from '../actor/victim.ts';
import { readArguments } from '../arguments.ts';
import { faultArgument, faultNames } from './faults/argument.ts';
import { visitPoints } from './points/points.ts';
import { requireStrace } from './trace/strace.ts';

const usage = `node packages/stress/src/crash/points.ts [options]

Kills a registry at every system call of every operation that changes something, and looks at what is left. Exits with 1 when
anything acknowledged was lost or went wrong. Needs strace; build first.

  --operation TEXT    only operations whose name has this in it
  --count N           so many points, spread evenly
  --seed 1            which ones
  --workers 1         with several, the one that comes to the point is killed, and first the others must have everything
  --fault NAME        breaks the server on purpose: ${faultNames}
`;
const { seed, operation, count, workers, fault } = readArguments(usage, {
  operation: { type: 'string', default: '' },
  count: { type: 'string', default: 'Infinity' },
  seed: { type: 'string', default: '1' },
  workers: { type: 'string', default: '1' },
  fault: { type: 'string' },
});
await using broken = await faultArgument(fault);
if (!requireStrace()) throw new Error('Install strace');
const begun = performance.now();
const reports = await visitPoints({
  seed,
  name: operation,
  count: Number(count),
  build: withWorkers(broken, Number(workers)),
});
const failures = reports.flatMap((report) => report.failures);
const seconds = Math.round((performance.now() - begun) / 1000);
process.stdout.write(`${JSON.stringify({ seconds, reports, failures: failures.length }, undefined, 2)}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
