import { readArguments } from '../arguments.ts';
import { underFire } from './under-fire.ts';

const usage = `node packages/stress/src/fire/run.ts [--seconds 60] [--seed TEXT] [--shared-stores]

Collects garbage every second under the eyes of clients that push, pull and delete in the same repositories, and prints what
happened how often. Exits with 1 when anything was lost or went wrong. Build first. With --shared-stores the registry is on
PostgreSQL and S3.
`;
const {
  seconds,
  seed,
  'shared-stores': onSharedStores,
} = readArguments(usage, {
  seconds: { type: 'string', default: '60' },
  seed: { type: 'string', default: String(Date.now()) },
  'shared-stores': { type: 'boolean', default: false },
});
process.stderr.write(`--seed ${seed}\n`);
const report = await underFire({ seconds: Number(seconds), seed, onSharedStores });
process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
process.exitCode = report.violations.length === 0 ? 0 : 1;
