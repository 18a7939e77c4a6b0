import { expect, test } from 'vitest';
import { nextPath } from './came-from.ts';

test.each(['/', '/repositories/team/app:1.0?q=a&sort=name', '/audit?from=2026-01-31'])('%s is accepted', (path) => {
  expect(nextPath(path)).toBe(path);
});

test.each([
  undefined,
  '',
  'https://evil.example',
  'https:evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/a\nb',
  'javascript:alert(1)',
  '@evil.example',
  '/..//evil.example',
  '/.//evil.example',
])('CVE-2024-22244: %j leads to the front page', (path) => {
  expect(nextPath(path)).toBe('/');
});
