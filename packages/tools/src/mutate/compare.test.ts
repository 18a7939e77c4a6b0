import { expect, test } from 'vitest';
import { compareReports } from './compare.ts';
import type { Report } from './report.ts';

const source = 'export function isSmall(n) {\n  return n < limit;\n}\n';
const location = { start: { line: 2, column: 10 }, end: { line: 2, column: 19 } };

/** One mutant of each replacement in one file, with what became of it. */
function report(file: string, statuses: Readonly<Record<string, string>>): Report {
  const mutants = Object.entries(statuses).map(([replacement, status]) => {
    return { mutatorName: 'EqualityOperator', replacement, status, location, killedBy: ['7'] };
  });
  return {
    files: { [file]: { source, mutants } },
    testFiles: { 'a.test.ts': { tests: [{ id: '7', name: 'is small' }] } },
  };
}

test.each([
  ['Killed', 'Survived'],
  ['Killed', 'NoCoverage'],
  ['Timeout', 'Survived'],
])('what was %s and is %s is lost, and shown with the tests that noticed it', (was, is) => {
  const { lost, text } = compareReports(
    report('old.ts', { 'n <= limit': was, 'n >= limit': 'Killed' }),
    report('new.ts', { 'n <= limit': is, 'n >= limit': 'Killed' }),
  );
  expect(lost).toHaveLength(1);
  expect(text).toContain('new.ts:2 EqualityOperator: n < limit => n <= limit\n    was killed by is small');
});

test.each([
  ['Killed', 'Killed'],
  ['Killed', 'Timeout'],
  ['Survived', 'Killed'],
  ['Survived', 'Survived'],
  ['Killed', 'RuntimeError'],
])('nothing is lost of what was %s and is %s', (was, is) => {
  const { lost } = compareReports(report('a.ts', { 'n <= limit': was }), report('a.ts', { 'n <= limit': is }));
  expect(lost).toEqual([]);
});

test('what was killed and is not found again is named, and what was not tried is no mutant', () => {
  const { text } = compareReports(
    report('a.ts', { 'n <= limit': 'Killed', 'n >= limit': 'CompileError', 'n > limit': 'Ignored' }),
    report('a.ts', { 'n >= limit': 'Killed' }),
  );
  expect(text).toContain('before: 1 mutants: 1 Killed');
  expect(text).toContain(
    '1 were killed before and not found again\n  a.ts:2 EqualityOperator: n < limit => n <= limit',
  );
});

test('equal mutants of one line are told apart, in whatever order a report has them', () => {
  const at = (column: number, status: string) => {
    const place = { start: { line: 2, column }, end: { line: 2, column: column + 5 } };
    return { mutatorName: 'Name', replacement: '""', status, location: place, killedBy: [] };
  };
  const twice = (...mutants: readonly ReturnType<typeof at>[]): Report => ({
    files: { 'a.ts': { source: '\nlimit(limit);', mutants } },
  });
  const { lost } = compareReports(twice(at(1, 'Killed'), at(7, 'Survived')), twice(at(7, 'Survived'), at(1, 'Killed')));
  expect(lost).toEqual([]);
});
