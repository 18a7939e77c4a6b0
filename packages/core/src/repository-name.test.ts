import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRepositoryName, maxRepositoryNameLength, parseRepositoryName } from './repository-name.ts';
import { rejectionOf } from './testing/rejection.ts';

describe('parseRepositoryName', () => {
  test.each([
    'a',
    '0',
    'library/alpine',
    'a/b/c/d/e/f/g',
    'a.b',
    'a_b',
    'a__b',
    'a-b',
    'a---b',
    'team/my.app_v2-beta/x',
    'manifests/blobs/tags',
    'a'.repeat(maxRepositoryNameLength),
  ])('accepts %s', (name) => {
    expect(parseRepositoryName(name)).toBe(name);
  });

  test.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    'A',
    'a/B',
    '_catalog',
    'a/_b',
    '.a',
    'a.',
    'a..b',
    'a___b',
    'a_.b',
    '-a',
    'a-',
    '..',
    'a/../b',
    'a/./b',
    'a\\b',
    'a%2fb',
    'a b',
    'a:b',
    'a@b',
    'ä',
    'a\n',
    'a\0',
    'a'.repeat(maxRepositoryNameLength + 1),
    `${'a-'.repeat(50_000)}!`,
  ])('rejects %j', (name) => {
    expect(isRepositoryName(name)).toBe(false);
    expect(rejectionOf('NAME_INVALID', () => parseRepositoryName(name)).detail).toEqual({ name: name.slice(0, 300) });
  });

  test('accepts words joined by separators, components joined by slashes', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,4}$/);
    const component = fc
      .tuple(word, fc.array(fc.tuple(fc.constantFrom('.', '_', '__', '-', '--'), word), { maxLength: 3 }))
      .map(([first, rest]) => first + rest.map((pair) => pair.join('')).join(''));
    fc.assert(
      fc.property(fc.array(component, { minLength: 1, maxLength: 5 }), (components) => {
        expect(isRepositoryName(components.join('/'))).toBe(true);
      }),
    );
  });

  test('accepts nothing that could escape a path, and throws nothing but NAME_INVALID', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'B', '.', '/', '_', '-', '%', '\\', '\0') }), (text) => {
        if (!isRepositoryName(text)) {
          rejectionOf('NAME_INVALID', () => parseRepositoryName(text));
          return;
        }
        expect(text.split('/')).not.toContain('..');
        expect(text).toMatch(/^[a-z0-9._/-]+$/);
        expect(new URL(`http://host/v2/${text}/tags`).pathname).toBe(`/v2/${text}/tags`);
      }),
      { numRuns: 1000 },
    );
  });
});
