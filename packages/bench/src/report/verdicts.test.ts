import { expect, test } from 'vitest';
import type { Result } from './result.ts';
import { verdictsOf } from './verdicts.ts';

const workload = 'small image push, 10 clients';
const groups = [
  {
    name: 'Images',
    about: '',
    chart: 'bars',
    contenders: ['mcr', 'docker-registry'],
    comparisons: [['mcr', 'docker-registry']],
  },
] as const;

function verdictOn(mcr: number, docker: number): string | undefined {
  const known = { group: 'Images', workload, metric: 'images/s' };
  const series = [
    { ...known, contender: 'mcr', rounds: [mcr] },
    { ...known, contender: 'docker-registry', rounds: [docker] },
  ];
  const verdicts = verdictsOf({ groups, series, failures: [] } as unknown as Result);
  return verdicts.find((it) => it.workload === workload)?.verdict;
}

test.each([
  [200, 100, 'met'],
  [250, 100, 'met'],
  [199, 100, 'missed'],
  [0, 0, 'not measured'],
])('%i images a second beside %i: the target is %s', (mcr, docker, verdict) => {
  expect(verdictOn(mcr, docker)).toBe(verdict);
});

test('a run without a workload measures none of its targets', () => {
  const verdicts = verdictsOf({ groups, series: [], failures: [] } as unknown as Result);
  expect(new Set(verdicts.map(({ verdict }) => verdict))).toEqual(new Set(['not measured']));
});
