import { describe, expect, test } from 'vitest';
import { cruise } from './architecture/cruise.ts';
import { brokenLinks, purposeViolations } from './architecture/documents.ts';
import { sizeViolations, unfinishedWork, wholeExports } from './architecture/files.ts';
import { importTable, testTools } from './architecture/import-table.ts';
import { versionViolations } from './architecture/manifests.ts';
import { isInRepository, readFiles, workspaceOf } from './architecture/source-files.ts';

const sources = readFiles('{packages,apps}/*/{src,test,e2e}/**/*.ts');
const manifests = readFiles('{packages,apps}/*/package.json');
const workspaces = manifests.map(({ path }) => workspaceOf(path));

describe('the repository', () => {
  test('has a line in the import table for each package and app', () => {
    expect([...Object.keys(importTable), ...testTools].toSorted()).toEqual(workspaces.toSorted());
  });

  test('imports only what the rules allow', { timeout: 180_000 }, async () => {
    const { modules, violations } = await cruise();
    expect(violations).toEqual([]);
    // Without a compiler that it can call, dependency-cruiser sees no TypeScript and finds nothing wrong.
    expect(modules).toBeGreaterThan(1_000);
  });

  test('takes every version from the catalog', () => {
    expect(versionViolations([...manifests, ...readFiles('package.json')])).toEqual([]);
  });

  test('has short files', () => {
    expect(sizeViolations(sources)).toEqual([]);
  });

  test('lists names in its index files', () => {
    expect(wholeExports(sources)).toEqual([]);
  });

  test('says in each README what the package is for', () => {
    expect(purposeViolations(workspaces, readFiles('{packages,apps}/*/README.md'))).toEqual([]);
  });

  test('holds no unfinished work', () => {
    const text = '*.{ts,mjs,md,json,yaml,proto,toml,sh,html,css,sql}';
    const files = readFiles(`{packages,apps,proto,deploy,docs,.ci}/**/${text}`, text);
    expect(unfinishedWork(files)).toEqual([]);
  });

  test('has documents whose links lead somewhere', () => {
    const documents = readFiles('*.md', 'docs/**/*.md', '{packages,apps}/*/*.md');
    expect(brokenLinks(documents, isInRepository)).toEqual([]);
  });
});
