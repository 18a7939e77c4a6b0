import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { fuzz } from './campaign.ts';
import { describeInput } from './input.ts';

/**
 * `node packages/stress/src/fuzz/run.ts --seconds 600 --seed 7` fuzzes the built server and prints counts, with
 * `--surface web` the web UI; `--only N` sends input N of the seed alone. Exits with 1 after a finding, whose input it writes to a file.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now()) },
    only: { type: 'string', multiple: true },
    preload: { type: 'string' },
    surface: { type: 'string', default: 'registry' },
    directory: { type: 'string', default: '.' },
  },
});
const { seed, preload, only, directory } = values;
const surface = values.surface === 'web' ? 'web' : 'registry';
process.stdout.write(`fuzzing with --seed ${seed}\n`);
const report = await fuzz({
  seed,
  surface,
  seconds: Number(values.seconds),
  onStart: (pid) => process.stdout.write(`the server is process ${pid}\n`),
  ...(only !== undefined && { only: only.map(Number) }),
  ...(preload !== undefined && { preload }),
});
const { findings, ...counts } = report;
process.stdout.write(`${JSON.stringify(counts, undefined, 2)}\n`);
for (const { n, input, what } of findings) {
  process.stdout.write(`FOUND ${what}\n`);
  if (n === undefined || input === undefined) continue;
  const file = `${directory}/fuzz-${seed}-${n}.hex`;
  await writeFile(file, describeInput(input));
  process.stdout.write(`  input ${n} (${input.kind}) is in ${file}; again with\n`);
  process.stdout.write(`  node packages/stress/src/fuzz/run.ts --surface ${surface} --seed ${seed} --only ${n}\n`);
}
process.stdout.write(findings.length === 0 ? 'found nothing\n' : `${findings.length} findings\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
