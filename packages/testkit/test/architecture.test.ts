import { describe, expect, test } from 'vitest';
import { brokenLinks, purposeViolations } from './architecture/documents.ts';
import { exportViolations, sizeViolations, unfinishedWork } from './architecture/files.ts';
import { importTable, testTools } from './architecture/import-table.ts';
import { importViolations, serverLayerViolations } from './architecture/layering.ts';
import { dependencyViolations, undeclaredDependencies, versionViolations } from './architecture/manifests.ts';
import { isInRepository, readFiles, workspaceOf } from './architecture/source-files.ts';

const sources = readFiles('{packages,apps}/*/{src,test,e2e}/**/*.ts');
const manifests = readFiles('{packages,apps}/*/package.json');
const workspaces = manifests.map(({ path }) => workspaceOf(path));

describe('the repository', () => {
  test('has a line in the import table for each package and app', () => {
    expect([...Object.keys(importTable), ...testTools].toSorted()).toEqual(workspaces.toSorted());
  });

  test('imports only what the import table allows', () => {
    expect(importViolations(sources)).toEqual([]);
  });

  test('keeps transports, services and stores apart', () => {
    expect(serverLayerViolations(sources)).toEqual([]);
  });

  test('depends at run time only on what the import table allows', () => {
    expect(dependencyViolations(manifests)).toEqual([]);
  });

  test('names every package that it imports as a dependency', () => {
    expect(undeclaredDependencies(manifests, sources)).toEqual([]);
  });

  test('takes every version from the catalog', () => {
    expect(versionViolations([...manifests, ...readFiles('package.json')])).toEqual([]);
  });

  test('has short files', () => {
    expect(sizeViolations(sources)).toEqual([]);
  });

  test('exports names only', () => {
    expect(exportViolations(sources)).toEqual([]);
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
