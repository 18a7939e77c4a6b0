import { withWorkers } from '../actor/victim.ts';
import { readArguments } from '../arguments.ts';
import { faultArgument, faultNames } from './faults/argument.ts';
import { checkOrder } from './trace/check-order.ts';
import { checkFailedCheckpoint } from './trace/failed-checkpoint.ts';
import { requireStrace } from './trace/strace.ts';

const usage = `node packages/stress/src/crash/order.ts [--fault NAME] [--workers N]

Traces every operation that changes something, and looks for whatever is acknowledged before it is on disk; then fails a
checkpoint. Exits with 1 when there is something. Needs strace; build first.

  --fault NAME    breaks the server on purpose: ${faultNames}
  --workers N     has several workers; the checkpoint that fails is that of one process
`;
const { fault, workers = '1' } = readArguments(usage, { fault: { type: 'string' }, workers: { type: 'string' } });
await using build = await faultArgument(fault);
if (!requireStrace()) throw new Error('Install strace');
const { calls, violations } = await checkOrder(withWorkers(build, Number(workers)));
const report = { calls, violations: [...violations, ...(await checkFailedCheckpoint(build))] };
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.violations.length === 0 ? 0 : 1;
