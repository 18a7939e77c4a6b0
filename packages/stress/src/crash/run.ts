// `node packages/stress/src/crash/run.ts --rounds 500 --seed 7`: kills a registry under load, round after round, and looks
// at what is left. Exits with 1 when anything acknowledged was lost or went wrong, with the command that repeats it. `--fault`
// breaks the server on purpose.
import { parseArgs } from 'node:util';
import { brokenBuild } from './faults/broken-build.ts';
import { isFault } from './faults/faults.ts';
import { replayArguments, runRounds } from './rounds/rounds.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '25' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now()) },
    fault: { type: 'string' },
  },
});
const { seed, fault } = values;
if (fault !== undefined && !isFault(fault)) throw new Error(`There is no fault "${fault}"; see faults/faults.ts`);
await using build = fault === undefined ? undefined : await brokenBuild(fault);
const begun = performance.now();
const summary = await runRounds({
  seed,
  from: Number(values.from),
  rounds: Number(values.rounds),
  ...(build !== undefined && { build }),
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
