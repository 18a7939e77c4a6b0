// `node packages/stress/src/crash/order.ts`: traces every operation that changes something, and looks for whatever is
// acknowledged before it is on disk; then fails a checkpoint. `--fault` breaks the server on purpose.
import { parseArgs } from 'node:util';
import { brokenBuild } from './faults/broken-build.ts';
import { isFault } from './faults/faults.ts';
import { checkOrder } from './trace/check-order.ts';
import { checkFailedCheckpoint } from './trace/failed-checkpoint.ts';
import { requireStrace } from './trace/strace.ts';

const { fault } = parseArgs({ options: { fault: { type: 'string' } } }).values;
if (!requireStrace()) throw new Error('Install strace');
if (fault !== undefined && !isFault(fault)) throw new Error(`There is no fault "${fault}"; see faults/faults.ts`);
await using build = fault === undefined ? undefined : await brokenBuild(fault);
const { calls, violations } = await checkOrder(build);
const report = { calls, violations: [...violations, ...(await checkFailedCheckpoint(build))] };
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.violations.length === 0 ? 0 : 1;
