import { describe, expect, test } from 'vitest';
import { brokenLinks, purposeViolations } from './documents.ts';
import { sizeViolations, unfinishedWork, wholeExports } from './files.ts';
import { versionViolations } from './manifests.ts';

const file = (path: string, text: string) => ({ path, text });
const manifest = (workspace: string, content: object) => file(`${workspace}/package.json`, JSON.stringify(content));

describe('package.json', () => {
  test.each(['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'])(
    'takes versions of %s from the catalog',
    (kind) => {
      const versions = { zod: 'catalog:', '@mcr/core': 'workspace:*', pino: '^10.0.0' };
      expect(versionViolations([manifest('packages/x', { [kind]: versions })])).toEqual([
        'packages/x/package.json wants pino ^10.0.0: write "catalog:" or "workspace:*"',
      ]);
    },
  );
});

describe('files', () => {
  const lines = (count: number): string => 'x\n'.repeat(count);

  test('of more than 400 lines are found, unless generated, a migration or a test', () => {
    const long = lines(401);
    const exempt = ['packages/rpc/src/gen/a_pb.ts', 'packages/db/src/migrations/0001.ts', 'apps/mcrctl/src/a.test.ts'];
    const usual = ['a', 'b', 'c', 'd'].map((name) => file(`packages/a/src/${name}.ts`, lines(60)));
    expect(sizeViolations([...exempt.map((path) => file(path, long)), ...usual])).toEqual([]);
    expect(sizeViolations([file('packages/a/src/long.ts', long), ...usual])).toEqual([
      'packages/a/src/long.ts has 401 lines: split it, 400 is the most',
    ]);
  });

  test.each([39, 81])('of which half have %i lines are found', (median) => {
    expect(sizeViolations([file('packages/a/src/a.ts', lines(median))])).toEqual([
      `the median file has ${median} lines: keep it between 40 and 80`,
    ]);
    expect(sizeViolations([file('packages/a/src/a.ts', lines(60))])).toEqual([]);
  });

  test('of ten lines or fewer are found when there are more than 25, unless generated or a test', () => {
    const many = (count: number, size: number, name: (index: number) => string) =>
      Array.from({ length: count }, (_, index) => file(name(index), lines(size)));
    const usual = many(60, 60, (index) => `packages/a/src/file${index}.ts`);
    const crumbs = (count: number, size: number) => many(count, size, (index) => `packages/a/src/crumb${index}.ts`);
    expect(sizeViolations([...usual, ...crumbs(26, 10)])).toEqual([
      expect.stringMatching(/^26 files have 10 lines or fewer, 25 may: merge some of packages.a.src.crumb0\.ts, /),
    ]);
    expect(sizeViolations([...usual, ...crumbs(25, 10)])).toEqual([]);
    expect(sizeViolations([...usual, ...crumbs(26, 11)])).toEqual([]);
    expect(sizeViolations([...usual, ...many(26, 5, (index) => `packages/a/src/x${index}.test.ts`)])).toEqual([]);
    const listed = file('packages/a/src/list.ts', '// Written by `npm run tables`. Do not edit.\n');
    expect(sizeViolations([...usual, ...crumbs(25, 10), listed])).toEqual([]);
  });

  test.each(["export * from './a.ts';", "export * as a from './a.ts';"])('that list names may not say %s', (text) => {
    expect(wholeExports([file('packages/a/src/index.ts', text)])).toHaveLength(1);
  });

  test('that list names list them', () => {
    const text = "export const a = 1; export { b } from './b.ts'; export type C = 'export * from';";
    expect(wholeExports([file('packages/a/src/index.ts', text), file('a.ts', "export * from './a.ts';")])).toEqual([]);
  });

  test.each([
    ['TO', 'DO'],
    ['FIX', 'ME'],
    ['XX', 'X'],
  ])('hold no %s%s', (...parts) => {
    expect(unfinishedWork([file('a.ts', `one\n// ${parts.join('')}: later`)])).toHaveLength(1);
    expect(unfinishedWork([file('a.ts', `mktemp /tmp/tool-${parts.join('')}s`)])).toEqual([]);
  });
});

describe('documents', () => {
  test.each([
    ['no README', undefined],
    ['no title', 'Parses digests and names of all kinds.'],
    ['no paragraph', '# @mcr/core'],
    ['a second heading first', '# @mcr/core\n\n## Usage\n\nParses digests and names of all kinds.'],
    ['a phrase', '# @mcr/core\n\nDomain.'],
  ])('a package with %s has no purpose', (_case, text) => {
    const readmes = text === undefined ? [] : [file('packages/core/README.md', text)];
    expect(purposeViolations(['packages/core'], readmes)).toHaveLength(1);
  });

  test('a title and a sentence say a purpose', () => {
    const readme = file('packages/core/README.md', '# @mcr/core\n\nThe pure domain\nof the registry.\n\nMore.\n');
    expect(purposeViolations(['packages/core'], [readme])).toEqual([]);
  });

  test('links to missing files are found', () => {
    const text = `[a](missing.md) [b](../README.md#top "t") [c](#here) [d](https://example.com) [e]: gone.md
[e]: gone.md
\`[f](code.md)\`
\`\`\`
[g](fenced.md)
\`\`\``;
    const exists = (path: string): boolean => path === 'README.md';
    expect(brokenLinks([file('docs/a.md', text)], exists)).toEqual([
      'docs/a.md links to missing.md, which does not exist',
      'docs/a.md links to gone.md, which does not exist',
    ]);
  });
});
