import { expect, test } from 'vitest';
import { htmlReport } from './html.ts';
import { markdownReport } from './markdown.ts';
import type { Result } from './result.ts';
import { terminalReport } from './terminal.ts';

const [workload, metric] = ['small image push, 10 clients', 'images/s'];
const known = { group: 'Images', workload };
const result: Result = {
  conditions: {
    date: '2026-01-01T00:00:00.000Z',
    commit: '622f66e',
    kernel: '6.1',
    cpu: 'CPU',
    cores: 2,
    memoryGiB: 8,
    start: { load: 1.5, stolenSeconds: 0 },
    end: { load: 2.4, stolenSeconds: 36 },
    disk: { fileSystem: 'ext4', writeCache: 'write back' },
    node: 'v26.0.0',
    scale: 'full',
    rounds: 3,
    only: '',
    minutes: 30,
    contenders: ['mcr', 'docker-registry'].map((name) => ({ name, version: '622f66e', conditions: '' })),
  },
  groups: [
    {
      name: 'Images',
      about: '',
      chart: 'bars',
      contenders: ['mcr', 'docker-registry'],
      comparisons: [['mcr', 'docker-registry']],
    },
  ],
  series: [
    { ...known, metric, contender: 'docker-registry', rounds: [100, 100, null] },
    { ...known, metric, contender: 'mcr', rounds: [150, null, 150] },
    { ...known, metric: 'load generator cores', contender: 'mcr', rounds: [0.81, null, 0.81] },
  ],
  failures: ['small image push, 10 clients: mcr: No response'],
};

test.each([
  ['in the terminal', terminalReport],
  ['as HTML', htmlReport],
  ['as Markdown', markdownReport],
])('the report %s tells what a reader must know', (_form, report) => {
  const text = report(result);
  for (const part of [
    'its load at the start was 1.50',
    'Load 1.50 at the start, 2.40 at the end; 1.0 % of the CPU time stolen',
    'data on ext4, device',
    `${workload}, ${metric}: MCR acknowledges no step`,
    '0015-hot-paths.md',
    '0.81',
    'mcr: No response',
  ]) {
    expect(text).toContain(part);
  }
});

test.each([
  ['in the terminal', terminalReport],
  ['as HTML', htmlReport],
  ['as Markdown', markdownReport],
])('the report %s of a quiet machine, with no target missed, warns of nothing', (_form, report) => {
  const conditions = { ...result.conditions, start: { load: 0, stolenSeconds: 36 } };
  const series = [{ ...known, metric, contender: 'mcr', rounds: [150] }];
  const text = report({ ...result, conditions, series, failures: [] });
  expect(text).not.toMatch(/warning:|role="alert"|limits the missed|## the load|>the load/i);
});
