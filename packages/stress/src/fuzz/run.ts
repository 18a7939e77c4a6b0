import { writeFile } from 'node:fs/promises';
import { readArguments } from '../arguments.ts';
import { fuzz } from './campaign.ts';
import { describeInput } from './input.ts';

const usage = `node packages/stress/src/fuzz/run.ts [options]

Sends hostile input to the built server, or to its web UI, with well-formed requests in between, and prints counts. Exits with
1 after a finding, whose input it writes to a file.

  --seconds 60          how long
  --seed TEXT           the same inputs each time; new ones when absent
  --surface registry    or web
  --only N              sends input N of the seed alone; may be given several times
  --preload MODULE      loads a module into the server first, to plant a bug
  --directory .         where the files go
`;
const values = readArguments(usage, {
  seconds: { type: 'string', default: '60' },
  seed: { type: 'string', default: String(Date.now()) },
  only: { type: 'string', multiple: true },
  preload: { type: 'string' },
  surface: { type: 'string', default: 'registry' },
  directory: { type: 'string', default: '.' },
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
// On its own Node 26 was seen to wait forever, in `Environment::CleanupHandles`, for a socket that broken HTTP/2 had left.
process.exit(findings.length === 0 ? 0 : 1);
