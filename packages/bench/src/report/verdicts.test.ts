import { expect, test } from 'vitest';
import type { Result } from './result.ts';
import { limitsOf } from './tables.ts';
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

function resultOf(mcr: number, docker: number): Result {
  const known = { group: 'Images', workload, metric: 'images/s' };
  const series = [
    { ...known, contender: 'mcr', rounds: [mcr] },
    { ...known, contender: 'docker-registry', rounds: [docker] },
  ];
  return { groups, series, failures: [] } as unknown as Result;
}

function verdictOn(mcr: number, docker: number): string | undefined {
  return verdictsOf(resultOf(mcr, docker)).find((it) => it.workload === workload)?.verdict;
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

test('what limits a figure is said when its target is missed, and only then', () => {
  expect(limitsOf(resultOf(199, 100))).toEqual([expect.stringContaining(`${workload}, images/s: `)]);
  expect(limitsOf(resultOf(200, 100))).toEqual([]);
});

test('what limits several missed targets is said once', () => {
  const series = [1, 16, 64].flatMap((clients) => {
    const name = `manifest HEAD by tag, ${clients} ${clients === 1 ? 'client' : 'clients'}, one connection per request`;
    const known = { group: 'Images', workload: name, metric: 'requests/s', rounds: [clients] };
    return ['mcr', 'docker-registry'].map((contender) => ({ ...known, contender }));
  });
  const lines = limitsOf({ groups, series, failures: [] } as unknown as Result);
  expect(lines).toEqual([expect.stringMatching(/1 client.*; .*16 clients.*; .*64 clients.*: the handshake/)]);
});
