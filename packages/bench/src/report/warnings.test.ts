import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkFitness } from './fitness.ts';
import type { Conditions } from './result.ts';
import { objectionsTo, stealOf, warningsOf } from './warnings.ts';

const fit: Conditions = {
  date: '2026-01-01T00:00:00.000Z',
  commit: '622f66e',
  kernel: '6.1',
  cpu: 'CPU',
  cores: 2,
  memoryGiB: 8,
  start: { load: 0.5, stolenSeconds: 10 },
  end: { load: 2.4, stolenSeconds: 11 },
  disk: { fileSystem: 'ext4', writeCache: 'write back' },
  node: 'v26.0.0',
  scale: 'full',
  rounds: 3,
  only: '',
  minutes: 30,
  contenders: [{ name: 'mcr', version: '622f66e', conditions: '' }],
};
const page = fileURLToPath(new URL('../../../../docs/performance.md', import.meta.url));

test('a full run of a clean checkout on a quiet machine needs no warning', () => {
  expect(warningsOf(fit)).toEqual([]);
  for (const version of ['0.2.0-dev.3+g622f66e', '0.2.0-dev.3+g622f66e1'])
    expect(warningsOf({ ...fit, contenders: [{ name: 'mcr', version, conditions: '' }] })).toEqual([]);
});

test.each([
  ['other load', { start: { load: 0.7, stolenSeconds: 10 } }, /busy: its load at the start was 0.70/],
  ['a host with other guests', { end: { load: 2, stolenSeconds: 500 } }, /gave 13\.6 % of the CPU time to others/],
  ['a run of two rounds', { rounds: 2 }, /^There were 2 rounds: fewer than 3/],
  ['data in memory', { disk: { fileSystem: 'tmpfs' } }, /fsync costs nothing/],
])('%s is warned of, and may be documented', (_case, change, warning) => {
  expect(warningsOf({ ...fit, ...change })).toEqual([expect.stringMatching(warning)]);
  expect(objectionsTo({ ...fit, ...change })).toEqual([]);
});

test.each([
  ['small sizes', { scale: 'quick' }],
  ['some workloads', { only: 'blob' }],
  ['two builds of MCR', { beside: ['before'] }],
  ['a server from a changed checkout', { contenders: [{ name: 'mcr', version: '622f66e-dirty', conditions: '' }] }],
  ['a release of another commit', { contenders: [{ name: 'mcr', version: '0.2.0-dev.3+g971293f', conditions: '' }] }],
  ['a server of another commit', { contenders: [{ name: 'mcr', version: '971293f', conditions: '' }] }],
  [
    'changes that are not committed',
    { commit: '622f66e-dirty', contenders: [{ name: 'mcr', version: '622f66e-dirty', conditions: '' }] },
  ],
  ['a checkout without git', { commit: 'unknown', contenders: [{ name: 'mcr', version: 'unknown', conditions: '' }] }],
])('a run of %s is warned of, and does not become a page of the documentation unless forced', (_case, change) => {
  const conditions = { ...fit, ...change };
  expect(warningsOf(conditions)).toHaveLength(1);
  expect(() => checkFitness(conditions, { markdown: page, force: false })).toThrow(/--force$/);
  expect(() => checkFitness(conditions, { markdown: page, force: true })).not.toThrow();
  expect(() => checkFitness(conditions, { markdown: '/tmp/performance.md', force: false })).not.toThrow();
  expect(() => checkFitness(conditions, { force: false })).not.toThrow();
});

test('what the host took is a share of the time of all cores', () => {
  expect(stealOf({ ...fit, minutes: 1, end: { load: 0, stolenSeconds: 22 } })).toBeCloseTo(0.1);
});
