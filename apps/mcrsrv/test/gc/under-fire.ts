import { parseArgs } from 'node:util';
import { underFire } from './fire/run.ts';

/** `node apps/mcrsrv/test/gc/under-fire.ts --seconds 600 --seed 7`: exits with 1 when anything was lost or went wrong. */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string', default: String(Date.now()) } },
});
const report = await underFire({ seconds: Number(values.seconds), seed: values.seed });
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.violations.length === 0 ? 0 : 1;
