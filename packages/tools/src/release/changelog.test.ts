import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../paths.ts';
import { assertDocumented, newestSection } from './changelog.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const versionIn = (path: string): unknown => JSON.parse(read(path)).version;

test('package.json and the newest section of CHANGELOG.md are about the same version', () => {
  expect(versionIn('package.json')).toMatch(/^\d+\.\d+\.\d+$/);
  expect(newestSection(read('CHANGELOG.md')).version).toBe(versionIn('package.json'));
});

test('no package has another version, or one at all', () => {
  const manifests = globSync('{apps,packages}/*/package.json', { cwd: root });
  expect(manifests.length).toBeGreaterThan(10);
  for (const path of manifests) expect(versionIn(path), path).toBeUndefined();
});

const open = '# Changes\n\n## Unreleased (0.2.0)\n\n## 0.1.0 (2026-11-28)\n';
const closed = '# Changes\n\n## 0.2.0 (2026-12-01)\n\n## 0.1.0 (2026-11-28)\n';

test('the newest section says whether it is still being written', () => {
  expect(newestSection(open)).toEqual({ version: '0.2.0', isOpen: true });
  expect(newestSection(closed)).toEqual({ version: '0.2.0', isOpen: false });
  for (const text of ['', '## Unreleased\n', '## 0.2.0\n', '### 0.2.0 (2026-12-01)\n', '## v0.2.0 (2026-12-01)\n'])
    expect(() => newestSection(text)).toThrow('CHANGELOG.md must begin with');
});

test.each([
  ['a section that is still being written', '0.2.0', '0.2.0', open, 'CHANGELOG.md must begin with "## 0.2.0 (YYYY'],
  ['no section', '0.3.0', '0.3.0', closed, 'CHANGELOG.md must begin with "## 0.3.0 (YYYY'],
  ['another version in package.json', '0.2.0', '0.1.0', closed, 'The tag says 0.2.0, and package.json 0.1.0'],
])('a tag is not released with %s', (_, version, planned, changelog, message) => {
  expect(() => assertDocumented(version, planned, changelog)).toThrow(message);
});

test('a tag that package.json and changelog name is released, and so is what has no tag', () => {
  assertDocumented('0.2.0', '0.2.0', closed);
  for (const version of ['0.2.0-dev.5+gd563548', '0.2.0-rc.1', '0.2.0+gd563548.dirty'])
    assertDocumented(version, '0.2.0', open);
});
