import { expect, test } from 'vitest';
import { groupsFor, peersBeside } from './groups.ts';
import { scales } from './scale.ts';
import { targets } from './targets.ts';

const groups = groupsFor(scales.full, peersBeside([]));

test.each(targets)('$workload, $metric: the target is about something that is measured', (target) => {
  const { workload, subject, baseline } = target;
  const group = groups.find(
    ({ workloads, contenders }) =>
      workloads.some(({ name }) => name === workload) && contenders.some(({ name }) => name === subject),
  );
  expect(group).toBeDefined();
  if (baseline !== undefined) expect(group?.comparisons).toContainEqual([subject, baseline]);
});

test('no two workloads of a group have the same name', () => {
  const names = groups.flatMap(({ name, workloads }) => workloads.map((workload) => `${name}: ${workload.name}`));
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});
