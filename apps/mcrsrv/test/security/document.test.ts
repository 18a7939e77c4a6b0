import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const text = read('docs/security.md');
const id = /\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3})\b/g;

/** The first argument of `test`, `describe` and what they give, on the same line or on one of its own. */
const title = /^\s*(?:(?:(?:test|describe)\b.*|[)\]}]+)\()?'([^'\n]*)',(?:\s|$)/gm;

/** The ids in the titles of a file's tests. */
function idsInTitles(path: string): readonly string[] {
  return [...read(path).matchAll(title)].flatMap(([, words]) => words!.match(id) ?? []);
}

interface Entry {
  readonly ids: readonly string[];
  /** Paths of the tests, from the repository's top. */
  readonly tests: readonly string[];
}

/** Rows of the table of what is ruled out. */
const entries: readonly Entry[] = text
  .split('\n')
  .filter((line) => /^\| (?:CVE|GHSA)-/.test(line))
  .map((line) => line.split(' | '))
  .filter((cells) => cells.length === 4)
  .map((cells) => ({
    ids: [...(cells[0]!.match(id) ?? [])],
    tests: [...cells[3]!.matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => normalize(join('docs', link!))),
  }));

test('docs/security.md lists many vulnerabilities', () => {
  expect(entries.length).toBeGreaterThan(35);
});

test.each(entries)('$ids names tests in the files that are linked', ({ ids, tests }) => {
  expect(tests.length).toBeGreaterThan(0);
  const named = tests.map(idsInTitles);
  expect(named.flat()).toEqual(expect.arrayContaining([...ids]));
  for (const [at, found] of named.entries())
    expect(
      found.filter((it) => ids.includes(it)),
      tests[at],
    ).not.toEqual([]);
});

test('and every vulnerability that a test is named after is in docs/security.md', () => {
  const folders = ['apps', 'packages'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(group, name)),
  );
  const files = folders.flatMap((folder) =>
    ['src', 'test', 'e2e'].flatMap((part) => {
      try {
        return readdirSync(join(root, folder, part), { recursive: true, encoding: 'utf8' }).map((file) =>
          join(folder, part, file),
        );
      } catch {
        return [];
      }
    }),
  );
  const titled = files.filter((file) => file.endsWith('.test.ts')).flatMap(idsInTitles);
  expect(titled.length).toBeGreaterThan(40);
  expect([...new Set(titled)].filter((it) => !text.includes(it))).toEqual([]);
});
