import { describe, expect, test } from 'vitest';
import { checkWorkers, workersOf, workerWarnings } from './workers.ts';

describe('checkWorkers', () => {
  test('accepts one worker on directories of its own, and several on shared ones', () => {
    expect(checkWorkers({ server: { workers: 1 }, storage: { shared: false } })).toEqual([]);
    expect(checkWorkers({ server: { workers: 4 }, storage: { shared: true } })).toEqual([]);
    expect(checkWorkers({ server: { workers: 'auto' }, storage: { shared: true } })).toEqual([]);
    expect(checkWorkers({ server: {}, storage: {} })).toEqual([]);
  });

  test.each([
    [4, 'is 4'],
    ['auto', 'is "auto"'],
  ] as const)('rejects %s workers on directories that are not shared', (workers, found) => {
    const message = `${found}, but one process owns the directories of blobs; set storage.shared = true, or workers = 1`;
    expect(checkWorkers({ server: { workers }, storage: { shared: false } })).toEqual([
      { key: 'server.workers', message },
    ]);
  });
});

test('more workers than cores are a warning', () => {
  expect(workerWarnings({ workers: 2 }, 2)).toEqual([]);
  expect(workerWarnings({ workers: 'auto' }, 2)).toEqual([]);
  expect(workerWarnings({ workers: 3 }, 2)).toEqual([
    { key: 'server.workers', message: '3 workers share 2 cores, which is slower than one per core; use "auto"' },
  ]);
});

test('"auto" is one worker per core', () => {
  expect(workersOf({ workers: 'auto' }, 6)).toBe(6);
  expect(workersOf({ workers: 3 }, 6)).toBe(3);
});
