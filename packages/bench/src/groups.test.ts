import { expect, test } from 'vitest';
import { groupsFor, peersBeside } from './groups.ts';
import { distributionWithTokens } from './peers/distribution.ts';
import { mcr } from './peers/mcr.ts';
import { scales } from './scale.ts';
import { selected } from './select.ts';

const builds = [{ name: 'before', bundle: '/before/mcrsrv.mjs' }];
const groups = groupsFor(scales.full, peersBeside(builds), builds);
/** They start no server, and fill its database from this checkout. */
const onlyThisBuild = ['Command line', 'Growth'];

test.each(groups.filter(({ name }) => !onlyThisBuild.includes(name)))(
  '$name: another build takes its turn next to MCR, and MCR is compared with it',
  ({ contenders, comparisons }) => {
    const names = contenders.map(({ name }) => name);
    const own = names.filter((name) => /^mcr\b/.test(name));
    const others = own.map((name) => name.replace(/^mcr\b/, 'before'));
    expect(names.slice(0, own.length * 2)).toEqual([...own, ...others]);
    for (const [i, name] of own.entries()) expect(comparisons).toContainEqual([name, others[i]]);
  },
);

test.each(groups.filter(({ contenders }) => contenders.some(({ name }) => name === 'distribution')))(
  '$name: MCR with workers takes its turn, beside one process and each other registry',
  ({ contenders, comparisons }) => {
    expect(contenders.map(({ name }) => name)).toEqual(['mcr', 'before', 'workers', 'distribution', 'docker-registry']);
    expect(comparisons).toContainEqual(['mcr', 'workers']);
    expect(comparisons.filter(([subject]) => subject === 'workers')).toEqual([
      ['workers', 'distribution'],
      ['workers', 'docker-registry'],
    ]);
  },
);

test('distribution v3 is measured in its best case, and in a group of its own with a token and a log line as MCR has', () => {
  const group = groups.find(({ name }) => name === 'Like for like');
  expect(group?.contenders.map(({ name }) => name)).toEqual(['mcr', 'before', 'workers', 'distribution with tokens']);
  expect(group?.comparisons).toContainEqual(['mcr', 'distribution with tokens']);
  expect(groups.filter(({ contenders }) => contenders.includes(distributionWithTokens))).toEqual([group]);
  const without = groupsFor(scales.full, [mcr], []).map(({ name }) => name);
  expect(without).not.toContain('Like for like');
});

test('nothing but this build is measured unless another one is named', () => {
  const names = groupsFor(scales.full, peersBeside([])).flatMap(({ contenders }) => contenders.map(({ name }) => name));
  expect(names.filter((name) => name.includes('before'))).toEqual([]);
});

test('what one of several texts names is measured', () => {
  const found = selected(groups, ['Manifests:', 'small image push, 1 client']);
  expect(found.map(({ name }) => name)).toEqual(['Manifests', 'Images']);
  expect(found[1]?.workloads.map(({ name }) => name)).toEqual(['small image push, 1 client']);
  expect(selected(groups, [])).toHaveLength(groups.length);
});
