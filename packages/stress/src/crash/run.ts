import { readArguments } from '../arguments.ts';
import { faultArgument, faultNames } from './faults/argument.ts';
import { replayArguments, runRounds } from './rounds/rounds.ts';

const usage = `node packages/stress/src/crash/run.ts [options]

Kills a registry under load, round after round, and looks at what is left. Exits with 1 when anything acknowledged was lost or
went wrong, with the command that repeats it. Build first.

  --rounds 25     how many
  --from 1        the first one, to repeat a failure
  --seed TEXT     what clients do, and when the kill comes; a new one when absent
  --fault NAME    breaks the server on purpose: ${faultNames}
`;
const values = readArguments(usage, {
  rounds: { type: 'string', default: '25' },
  from: { type: 'string', default: '1' },
  seed: { type: 'string', default: String(Date.now()) },
  fault: { type: 'string' },
});
const { seed, fault } = values;
await using build = await faultArgument(fault);
process.stderr.write(`--seed ${seed}\n`);
const begun = performance.now();
const summary = await runRounds({
  seed,
  from: Number(values.from),
  rounds: Number(values.rounds),
  build,
  onProgress: ({ rounds, failures }) => process.stderr.write(`${rounds} rounds, ${failures.length} failures\n`),
});
const seconds = Math.round((performance.now() - begun) / 1000);
process.stdout.write(`${JSON.stringify({ seed, seconds, ...summary.report() }, undefined, 2)}\n`);
const broken = fault === undefined ? '' : ` --fault ${fault}`;
for (const { round, violations } of summary.failures) {
  const shown = violations.map((text) => `  ${text}\n`).join('');
  process.stdout.write(`\nround ${round} failed:\n${shown}`);
  process.stdout.write(`repeat it: node packages/stress/src/crash/run.ts ${replayArguments(seed, round)}${broken}\n`);
}
process.exitCode = summary.failures.length === 0 ? 0 : 1;
