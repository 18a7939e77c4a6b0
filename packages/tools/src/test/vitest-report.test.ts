import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../paths.ts';
import { formatTally, summarize, sumTallies } from './vitest-report.ts';

const file = (name: string, status: string, ...tests: [fullName: string, status: string][]) => ({
  name: join(root, name),
  status,
  message: '',
  assertionResults: tests.map(([fullName, outcome]) => ({ fullName, status: outcome })),
});

describe('summarize', () => {
  test('counts tests, and names those that failed or were skipped', () => {
    const testResults = [
      file('packages/a.test.ts', 'failed', ['adds', 'passed'], ['divides', 'failed']),
      file('packages/b.test.ts', 'passed', ['pulls', 'passed'], ['pushes', 'skipped'], ['signs', 'todo']),
    ];
    expect(summarize({ testResults }, 1)).toEqual({
      tally: { passed: 2, failed: 1, skipped: 2 },
      failed: ['packages/a.test.ts > divides'],
      skipped: ['packages/b.test.ts > pushes', 'packages/b.test.ts > signs'],
      retried: [],
    });
  });

  test('says of a failed test in a few lines how its last try failed', () => {
    const failureMessages = ['timed out', 'expected 3 to be 4\n\n  a difference\n    at add (a.ts:1:2)\n'];
    const adds = { fullName: 'adds', status: 'failed', failureMessages };
    const testResults = [{ ...file('packages/a.test.ts', 'failed'), assertionResults: [adds] }];
    expect(summarize({ testResults }, 1).failed).toEqual([
      'packages/a.test.ts > adds\n    expected 3 to be 4\n      a difference',
    ]);
  });

  test('shows no more of a failure than six lines', () => {
    const many = { ...file('packages/a.test.ts', 'failed'), message: 'line\n'.repeat(100) };
    expect(summarize({ testResults: [many] }, 1).failed[0]?.split('\n')).toHaveLength(1 + 6);
  });

  test('names a test that passed only when tried again, and why it failed before', () => {
    const adds = { fullName: 'adds', status: 'passed', failureMessages: ['expected 3 to be 4'] };
    const testResults = [{ ...file('packages/a.test.ts', 'passed'), assertionResults: [adds] }];
    const { tally, retried } = summarize({ testResults }, 0);
    expect(tally).toEqual({ passed: 1, failed: 0, skipped: 0 });
    expect(retried).toEqual(['packages/a.test.ts > adds\nexpected 3 to be 4']);
  });

  test('counts a file that does not load as one failure', () => {
    const { tally, failed } = summarize({ testResults: [file('packages/a.test.ts', 'failed')] }, 1);
    expect(tally).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(failed).toEqual(['packages/a.test.ts > (the file itself)']);
  });

  test('counts a file whose closing hook failed although its tests passed', () => {
    const { tally } = summarize({ testResults: [file('packages/a.test.ts', 'failed', ['adds', 'passed'])] }, 1);
    expect(tally).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  test.each([
    ['an error outside of any test', { testResults: [file('packages/a.test.ts', 'passed', ['adds', 'passed'])] }],
    ['a run that left no report', undefined],
  ])('counts %s as one failure', (_case, report) => {
    expect(summarize(report, 1).tally.failed).toBe(1);
  });
});

test.each([
  [{ passed: 12, failed: 0, skipped: 0 }, '12 passed, 0 failed'],
  [{ passed: 0, failed: 3, skipped: 2 }, '0 passed, 3 failed, 2 skipped'],
])('the closing line of %o is %j', (tally, line) => {
  expect(formatTally(tally)).toBe(line);
});

test('tallies add up', () => {
  const one = { passed: 1, failed: 2, skipped: 3 };
  expect(sumTallies([one, one])).toEqual({ passed: 2, failed: 4, skipped: 6 });
});
