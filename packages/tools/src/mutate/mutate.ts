// `npm run mutate -- SUBJECT`: changes code in small ways, one at a time, and looks whether a test fails. `npm run mutate --
// --compare BEFORE AFTER`: what the tests of one state of the code notice, and those of another do not.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cache, root } from '../paths.ts';
import { run } from '../run.ts';
import { compareReports } from './compare.ts';
import type { Report } from './report.ts';
import { subjectNamed } from './subjects.ts';

/** Installed when it is used: with its plugin it brings some 170 packages. */
const stryker = ['core', 'vitest-runner'].map((name) => `--package=@stryker-mutator/${name}@10.1.1`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    share: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    like: { type: 'string' },
    json: { type: 'string' },
    compare: { type: 'boolean', default: false },
  },
});
process.exitCode = values.compare ? compare(positionals) : await mutate(positionals);

async function mutate([name = '', ...more]: readonly string[]): Promise<number> {
  subjectNamed(name);
  if (more.length > 0) throw new Error(`one subject at a time, not ${[name, ...more].join(', ')}`);
  const { share, seed, like, json = join(root, 'test-output', 'mutation', `${name}.json`) } = values;
  if (!(Number(share) > 0 && Number(share) <= 1)) throw new Error(`invalid --share "${share}": above 0, and at most 1`);
  mkdirSync(dirname(resolve(json)), { recursive: true });
  const results = join(cache, `mutate-${name}.json`);
  forgetOutsiders(results);
  const env = {
    MCR_MUTATE_SUBJECT: name,
    MCR_MUTATE_SHARE: share,
    MCR_MUTATE_SEED: seed,
    MCR_MUTATE_JSON: resolve(json),
    MCR_MUTATE_RESULTS: results,
    ...(like !== undefined && { MCR_MUTATE_LIKE: resolve(like) }),
  };
  const args = [...stryker, 'dlx', 'stryker', 'run', '.stryker.config.mjs'];
  return (await run('pnpm', args, { capture: false, env })).code;
}

/** What was outside of the sample of an earlier run may be in this one; StrykerJS would keep it as it was. */
function forgetOutsiders(path: string): void {
  if (!existsSync(path)) return;
  const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
  const files = Object.entries(report.files).map(([file, { mutants, ...others }]) => {
    return [file, { ...others, mutants: mutants.filter(({ status }) => status !== 'CompileError') }] as const;
  });
  writeFileSync(path, JSON.stringify({ ...report, files: Object.fromEntries(files) }));
}

function compare([before, after, ...more]: readonly string[]): number {
  if (before === undefined || after === undefined || more.length > 0) throw new Error('name two reports to compare');
  const read = (path: string): Report => JSON.parse(readFileSync(path, 'utf8')) as Report;
  const { lost, text } = compareReports(read(before), read(after));
  console.log(text);
  return lost.length === 0 ? 0 : 1;
}
