// `npm test`: checks everything, in order, and closes with the count. `npm test -- NAME` runs only the test files whose
// path contains NAME; other arguments go to vitest as they are.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../paths.ts';
import { run } from '../run.ts';
import { formatTally, summarize, sumTallies, type Tally, type VitestReport } from './vitest-report.ts';

const filters = process.argv.slice(2);
const steps = filters.length > 0 ? [] : ['typecheck', 'lint', 'proto-lint', 'build'];
const tallies: Tally[] = [];
for (const step of steps) tallies.push(await runStep(step));
tallies.push(await runVitest());

const total = sumTallies(tallies);
console.log(`\n${formatTally(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** A package script; what it prints is shown only if it fails. */
async function runStep(name: string): Promise<Tally> {
  const start = performance.now();
  const { code, output } = await run('node', ['--run', name], { capture: true });
  if (code !== 0) console.log(output.trimEnd());
  report(name, code === 0, start);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

async function runVitest(): Promise<Tally> {
  const start = performance.now();
  const file = join(cache, 'vitest.json');
  mkdirSync(cache, { recursive: true });
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const args = ['run', ...reporters, ...filters];
  const { code, output } = await run('vitest', args, { capture: false });
  if (output) console.log(output);
  const { tally, failed, skipped, retried } = summarize(readReport(file), code);
  list('Skipped', skipped);
  list('Passed only when tried again', retried);
  list('Failed', failed);
  report('vitest', tally.failed === 0, start);
  return tally;
}

function readReport(file: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  } catch {
    return undefined;
  }
}

function list(title: string, names: readonly string[]): void {
  if (names.length > 0) console.log(`${title}:\n${names.map((name) => `  ${name}`).join('\n')}`);
}

function report(step: string, passed: boolean, start: number): void {
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${passed ? 'passed' : 'FAILED'}  ${step.padEnd(12)} ${seconds} s`);
}
