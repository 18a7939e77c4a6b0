import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const text = read('docs/security.md');
const id = /\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3})\b/g;

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
  const files = tests.map(read);
  for (const it of ids)
    expect(
      files.some((file) => file.includes(it)),
      it,
    ).toBe(true);
  for (const [at, file] of files.entries())
    expect(
      ids.some((it) => file.includes(it)),
      tests[at],
    ).toBe(true);
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
  const titled = files
    .filter((file) => file.endsWith('.test.ts'))
    .flatMap((file) =>
      [...read(file).matchAll(/(?:test|describe)[^\n]*?'([^'\n]*CVE-[^'\n]*)'/g)].flatMap(
        ([, title]) => title!.match(id) ?? [],
      ),
    );
  expect(titled.length).toBeGreaterThan(40);
  expect([...new Set(titled)].filter((it) => !text.includes(it))).toEqual([]);
});
