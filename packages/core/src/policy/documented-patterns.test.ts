import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileGlob } from './glob.ts';
import { patternProblem } from './pattern-problem.ts';

const page = readFileSync(new URL('../../../../docs/policy.md', import.meta.url), 'utf8');

/** The table of docs/policy.md: a pattern, who asks, what it covers, and what it does not cover. */
const rows = page.split('\n').flatMap((line) => {
  const [, pattern = '', covered = '', others = ''] = line.split('|').map((cell) => cell.trim());
  const [first, username] = wordsOf(pattern);
  if (first === undefined || !line.startsWith('| `')) return [];
  return [{ pattern: first, username, covered: wordsOf(covered), others: wordsOf(others) }];
});

function wordsOf(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
}

test('docs/policy.md has a table of patterns', () => {
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.some(({ username }) => username !== undefined)).toBe(true);
});

test.each(rows)(
  '$pattern covers what docs/policy.md says, and nothing else',
  ({ pattern, username, covered, others }) => {
    expect(patternProblem(pattern)).toBeUndefined();
    const glob = compileGlob(pattern);
    const matching = [...covered, ...others].filter((name) => glob(name, username));
    expect(matching).toEqual(covered);
  },
);
