import { readFileSync } from 'node:fs';
import type { Report } from './report.ts';
import { SampleChecker } from './sample.ts';

/** The sample of `npm run mutate`. */
function create(): SampleChecker {
  const { MCR_MUTATE_SHARE: share, MCR_MUTATE_SEED: seed = '1', MCR_MUTATE_LIKE: like } = process.env;
  return new SampleChecker({
    share: Number(share ?? 1),
    seed,
    like: like === undefined ? undefined : (JSON.parse(readFileSync(like, 'utf8')) as Report),
  });
}

/** Loaded by StrykerJS. */
export const strykerPlugins = [
  { kind: 'Checker', name: 'sample', factory: Object.assign(create, { inject: [] as const }) },
];
