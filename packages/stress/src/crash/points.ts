// `node packages/stress/src/crash/points.ts`: kills a registry at every system call of every operation that changes
// something, and looks at what is left. `--operation` picks operations by a part of their name, `--count` so many points.
import { parseArgs } from 'node:util';
import { brokenBuild } from './faults/broken-build.ts';
import { isFault } from './faults/faults.ts';
import { visitPoints } from './points/points.ts';
import { requireStrace } from './trace/strace.ts';

const { values } = parseArgs({
  options: {
    operation: { type: 'string', default: '' },
    count: { type: 'string', default: 'Infinity' },
    seed: { type: 'string', default: '1' },
    fault: { type: 'string' },
  },
});
const { seed, operation: name, count, fault } = values;
if (fault !== undefined && !isFault(fault)) throw new Error(`There is no fault "${fault}"; see faults/faults.ts`);
await using build = fault === undefined ? undefined : await brokenBuild(fault);
if (!requireStrace()) throw new Error('Install strace');
const begun = performance.now();
const reports = await visitPoints({ seed, name, count: Number(count), ...(build !== undefined && { build }) });
const failures = reports.flatMap((report) => report.failures);
const seconds = Math.round((performance.now() - begun) / 1000);
process.stdout.write(`${JSON.stringify({ seconds, reports, failures: failures.length }, undefined, 2)}\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
