import { expect, test } from 'vitest';
import { behindDistribution, claimsOf } from './claims.ts';
import { markdownReport } from './markdown.ts';
import type { Result } from './result.ts';
import { sizingOf } from './sizing.ts';

const names = ['mcr', 'workers', 'distribution', 'docker-registry'];
const comparisons = [
  ...names.slice(1).map((name) => ['mcr', name] as const),
  ...names.slice(2).map((name) => ['workers', name] as const),
];
const group = { name: 'All', about: 'About all.', chart: 'bars', contenders: names, comparisons } as const;
const manifests = 'manifest GET by tag, 16 clients, keep-alive';
const pushes = 'small image push, 10 clients';

/** The figures of a workload, in the order of the contenders. */
function series(workload: string, metric: string, values: readonly number[]) {
  return values.map((value, at) => ({ group: 'All', workload, metric, contender: names[at]!, rounds: [value] }));
}

const result = {
  conditions: {
    date: '2026-01-01T00:00:00.000Z',
    commit: '622f66e',
    kernel: '6.1',
    cpu: 'CPU',
    cores: 2,
    memoryGiB: 8,
    start: { load: 0, stolenSeconds: 0 },
    end: { load: 0, stolenSeconds: 0 },
    disk: { fileSystem: 'ext4' },
    node: 'v26.0.0',
    scale: 'full',
    rounds: 3,
    only: '',
    minutes: 30,
    contenders: names.map((name) => ({ name, version: '622f66e', conditions: '' })),
  },
  groups: [group],
  series: [
    ...series(manifests, 'requests/s', [4_000, 7_000, 5_000, 1_000]),
    ...series(manifests, 'CPU ms/request', [0.2, 0.25, 0.4, 1.6]),
    ...series(manifests, 'load generator cores', [0.87]),
    ...series(pushes, 'images/s', [100, 150, 50, 40]),
    ...series(pushes, 'CPU ms/image', [10, 11, 25, 38]),
    ...series('idle after start', 'RSS MB', [97, 240, 47, 23]),
  ],
  failures: [],
} satisfies Result;

test('each sentence has the figures that were measured, and what was not measured has none', () => {
  expect(claimsOf(result)).toEqual([
    'Manifests by tag, 16 clients: 4,000 requests/s, 0.8 times the rate of distribution for 0.5 times its CPU, ' +
      '4 times the rate of docker-registry for 0.125 times its CPU.',
    'Pushes of small images, 10 clients: 100 images/s, 2 times the rate of distribution for 0.4 times its CPU, ' +
      '2.5 times the rate of docker-registry for 0.263 times its CPU.',
    'With a worker for each core, MCR has a higher rate than each of the other registries in 2 of 2 of these workloads.',
  ]);
});

test('what a machine needs follows from the CPU and the memory that were measured', () => {
  expect(sizingOf(result)).toEqual([
    '5,000 manifests a second on kept connections take a core.',
    '100 pushes of small images a second take a core.',
    'Memory: 97 MB at rest.',
  ]);
  expect(sizingOf({ ...result, series: [] })).toEqual([]);
});

test('a row in which MCR is behind distribution is named on the page with what limits it', () => {
  expect(behindDistribution(result)).toEqual([[manifests, 'requests/s']]);
  const page = markdownReport(result);
  expect(page).toContain(
    `behind distribution v3 in 1 row of the table ([profiles](decisions/0015-hot-paths.md)): ${manifests}`,
  );
  expect(page).toContain('MCR serves requests on one thread');
});

test('the page begins with sentences and one table, with the cores of the load generator, and folds the rest', () => {
  const page = markdownReport(result);
  const [first, rest] = [page.slice(0, page.indexOf('<details>')), page.slice(page.indexOf('<details>'))];
  expect(first.match(/^\| workload/gm)).toHaveLength(1);
  expect(first).toContain('| cores of the load generator |');
  expect(first).toMatch(new RegExp(`\\| ${manifests} \\| requests/s \\|.*\\| 0\\.87 \\|`));
  expect(first.indexOf('Manifests by tag')).toBeLessThan(first.indexOf('| workload'));
  expect(first.indexOf('How large a machine')).toBeGreaterThan(first.indexOf('| workload'));
  expect(rest.match(/<details>/g)?.length).toBe(rest.match(/<\/details>/g)?.length);
  expect(rest.replaceAll(/<details>[^]*?<\/details>/g, '').trim()).toBe('');
});
