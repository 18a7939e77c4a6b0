import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRepositoryName, maxRepositoryNameLength } from '../repository-name.ts';
import { rejectionOf } from '../testing/rejection.ts';
import { compileGlob } from './glob.ts';
import { maxGlobLength } from './glob-syntax.ts';
import { shortestName } from './shortest-name.ts';

/** Every name of a few letters, shortest first. */
function allNames(longest: number): readonly string[] {
  const texts = [''];
  for (const text of texts) if (text.length < longest) for (const next of 'ab._-/') texts.push(text + next);
  return texts.filter(isRepositoryName);
}

const names = allNames(5);
const plain = [
  'a',
  'b',
  '.',
  '_',
  '-',
  '/',
  '*',
  '?',
  '[ab]',
  '[.-/]',
  '[^a/]',
  '[_b-d]',
  'A',
  ':',
  '[A-Z]',
  String.raw`\a`,
  '/**/',
  '**',
  '{username}',
];

describe('shortestName', () => {
  test.each([
    ['secret/*', 8],
    ['*', 1],
    ['**', 1],
    ['?', 1],
    ['secret/**', 8],
    ['**/secret', 6],
    ['a/**/b', 3],
    ['a/**/**/b/**', 5],
    ['home/{username}/*', 8],
    ['{username}', 1],
    ['{username}-', Infinity],
    ['**/A', Infinity],
    ['/**', Infinity],
    ['*/*', 3],
    ['*.*', 3],
    ['a_*', 3],
    ['a__*', 4],
    ['a-*-*', 4],
    ['a[.]?', 3],
    ['[A-Za-z]*', 1],
    ['[^/]', 1],
    ['*-', Infinity],
    ['a___b', Infinity],
    ['a.-b', Infinity],
    ['a..b', Infinity],
    ['.a', Infinity],
    ['a/', Infinity],
    ['/a', Infinity],
    ['a//b', Infinity],
    ['', Infinity],
    ['A*', Infinity],
    ['[A-Z]', Infinity],
    ['{a,b}', Infinity],
    ['é*', Infinity],
    ['a'.repeat(300), 300],
  ])('%j: %d', (pattern, length) => {
    expect(shortestName(pattern)).toBe(length);
  });

  test('finds the same as trying all names', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...plain), { maxLength: 6 }), (parts) => {
        const pattern = parts.filter((part) => part !== '[.-/]').join('');
        const found = names.find((name) => compileGlob(pattern)(name, 'a'));
        const length = shortestName(pattern);
        expect(length <= 5 ? length : Infinity).toBe(found?.length ?? Infinity);
      }),
      { numRuns: 1_000 },
    );
  });

  test('never misses a name that matches, whatever a class contains', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...plain, '[^a]'), { maxLength: 6 }), (parts) => {
        const pattern = parts.join('');
        const found = names.find((name) => compileGlob(pattern)(name, 'a'));
        if (found !== undefined) expect(shortestName(pattern)).toBeLessThanOrEqual(found.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(['*a', '*?', '[^b-z]', '*[a-z]', '[-a-z]'.replace('-', String.raw`\-`)])(
    'handles the longest pattern of %s in one pass',
    (part) => {
      const pattern = part.repeat(Math.floor(maxGlobLength / part.length));
      expect(shortestName(pattern)).toBeLessThanOrEqual(maxGlobLength);
      expect(shortestName(`${pattern.slice(part.length)}:`)).toBe(Infinity);
    },
  );

  test('rejects a malformed pattern', () => {
    rejectionOf('PARAMETER_INVALID', () => shortestName('secret/['));
  });

  test('knows the length of names', () => {
    expect(shortestName('?'.repeat(maxRepositoryNameLength))).toBe(maxRepositoryNameLength);
  });
});
