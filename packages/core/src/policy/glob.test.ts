import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../testing/arbitrary.ts';
import { errorOf, rejectionOf } from '../testing/rejection.ts';
import { compileGlob } from './glob.ts';
import { maxGlobLength } from './glob-syntax.ts';

describe('compileGlob', () => {
  test.each([
    ['production/app', 'production/app'],
    ['production/*', 'production/app'],
    ['production/*', 'production/'],
    ['*', ''],
    ['*', 'app'],
    ['**', 'app'],
    ['a**b***', 'a-b-'],
    ['*/*', 'team/app'],
    ['*app*', 'my-app-2'],
    ['a*b*c', 'a-b-b-c'],
    ['a*/b', 'ab/b'],
    ['*.*', 'a.b.c'],
    ['a?c', 'abc'],
    ['a??', 'abc'],
    ['?', '😀'],
    ['[a-c]x', 'bx'],
    ['[abc]x', 'cx'],
    ['[^a-c]x', 'dx'],
    ['[a-cx-z0]', 'y'],
    ['[!a]', '!'],
    ['[\\]]', ']'],
    ['[\\-x]', '-'],
    ['[\\^a]', '^'],
    ['[a*]', '*'],
    ['[[]', '['],
    ['[ä-ü]', 'ö'],
    ['[^a]', '/'],
    ['[/]', '/'],
    ['\\*', '*'],
    ['a\\?b', 'a?b'],
    ['\\\\', '\\'],
    ['\\a', 'a'],
    ['a]b', 'a]b'],
    ['a-^b', 'a-^b'],
    ['', ''],
  ])('%j matches %j', (pattern, text) => {
    expect(compileGlob(pattern)(text)).toBe(true);
  });

  test.each([
    ['production/app', 'production/app2'],
    ['production/app', 'reproduction/app'],
    ['production/*', 'production'],
    ['production/*', 'production/a/b'],
    ['production/*', 'production2/a'],
    ['*', 'a/b'],
    ['*', '/'],
    ['a*', 'a/b'],
    ['*b', 'a/b'],
    ['a*b*c', 'a-c-b'],
    ['?', ''],
    ['?', '/'],
    ['a?b', 'a/b'],
    ['?', 'ab'],
    ['[a-c]', 'd'],
    ['[a-c]', 'B'],
    ['[a-c]', ''],
    ['[^a-c]', 'b'],
    ['[^a]', ''],
    ['[c-a]', 'b'],
    ['[!a]', 'b'],
    ['[a]', 'aa'],
    ['\\*', 'a'],
    ['App', 'app'],
    ['.*', 'app'],
    ['a.c', 'abc'],
    ['(a|b)', 'a'],
    ['a{1}', 'a'],
    ['a$', 'a'],
    ['', 'a'],
    ['a', ''],
  ])('%j does not match %j', (pattern, text) => {
    expect(compileGlob(pattern)(text)).toBe(false);
  });

  test('keeps a chunk at its first match, as Go does', () => {
    expect(compileGlob('*[^x]*b')('a/b')).toBe(false);
    expect(compileGlob('*[^x]b')('a/b')).toBe(true);
  });

  test.each([
    '[',
    '[a',
    '[]',
    '[]a]',
    '[^',
    '[^]',
    '[^]a]',
    '[a-',
    '[a-]',
    '[-a]',
    '[a-b-c]',
    '[\\',
    '[a\\',
    '\\',
    'a\\',
  ])('rejects the malformed pattern %j, naming it', (pattern) => {
    for (const whole of [pattern, `x*${pattern}`]) {
      const error = rejectionOf('PARAMETER_INVALID', () => compileGlob(whole));
      expect(error.message).toContain(JSON.stringify(whole));
      expect(error.detail).toEqual({ pattern: whole });
    }
  });

  test('limits the length of patterns', () => {
    expect(compileGlob('a'.repeat(maxGlobLength))('a'.repeat(maxGlobLength))).toBe(true);
    const error = rejectionOf('PARAMETER_INVALID', () => compileGlob('a'.repeat(10_000)));
    expect(error.message).toContain(String(maxGlobLength));
    expect(error.detail).toEqual({ pattern: 'a'.repeat(maxGlobLength) });
  });

  test.each([
    ['stars', '*a'.repeat(maxGlobLength / 2 - 1)],
    ['stars and any', '*?'.repeat(maxGlobLength / 2 - 1)],
    ['a long chunk', `*${'a'.repeat(maxGlobLength - 3)}`],
    ['classes', `*${'[^b-z]'.repeat(Math.floor(maxGlobLength / 6) - 1)}`],
  ])('CVE-2026-58421: decides about 10 kB of text that nearly matches %s', (_name, start) => {
    const text = 'a'.repeat(10_000);
    for (const pattern of [`${start}b`, `${start}b*`]) {
      expect(compileGlob(pattern)(text)).toBe(false);
      expect(compileGlob(pattern)(`${text}b`)).toBe(true);
    }
  });
});

/** One part of a pattern with the meaning that the oracle uses. */
interface Part {
  readonly source: string;
  readonly matches?: (character: string) => boolean;
}

const literals: Part[] = ['a', 'b', '/'].map((letter) => ({ source: letter, matches: (other) => other === letter }));
const parts: Part[] = [
  ...literals,
  { source: '*' },
  { source: '*' },
  { source: '?', matches: (other) => other !== '/' },
  { source: '[ab]', matches: (other) => 'ab'.includes(other) },
  { source: '[^a/]', matches: (other) => !'a/'.includes(other) },
  { source: '[b-d]', matches: (other) => 'bcd'.includes(other) },
  { source: String.raw`\*`, matches: (other) => other === '*' },
];

/** Tries all possibilities; a part without `matches` is a star. */
function oracle([part, ...rest]: readonly Part[], text: string): boolean {
  if (part === undefined) return text === '';
  const [first, ...others] = text;
  const tail = others.join('');
  if (part.matches !== undefined) return first !== undefined && part.matches(first) && oracle(rest, tail);
  return oracle(rest, text) || (first !== undefined && first !== '/' && oracle([part, ...rest], tail));
}

/** What docs/policy.md says of patterns, and more: a pattern, what it covers, and what it does not cover. */
const deep: readonly (readonly [pattern: string, covered: readonly string[], other: readonly string[]])[] = [
  ['prod/*', ['prod/app'], ['prod', 'prod/team/app', 'production/app']],
  ['prod/**', ['prod/app', 'prod/team/app', 'prod/a/b/c'], ['prod', 'production/app', 'x/prod/app']],
  ['**', ['app', 'team/app', 'a/b/c'], []],
  ['**/**', ['app', 'team/app'], []],
  ['**/app', ['app', 'team/app', 'a/b/app'], ['my-app', 'app/x', 'team/my-app']],
  ['**/team/**', ['team/app', 'a/team/b', 'team/team'], ['team', 'a/team', 'steam/app']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a', 'b', 'a/bc', 'xa/b', 'a/b/c']],
  ['a/**/**/b', ['a/b', 'a/x/y/z/b'], ['ab']],
  ['a/**/b/**', ['a/b/c', 'a/x/b/c/d'], ['a/b', 'a/x/b']],
  ['a/**/b*/c', ['a/b/c', 'a/x/bb/c', 'a/b1/b2/c'], ['a/b/c/d', 'a/x/c']],
  ['**/b/c/**/d', ['b/c/d', 'a/b/b/c/x/d'], ['b/d', 'b/x/c/d']],
  ['*/**', ['a/b', 'a/b/c'], ['a']],
  ['**/*', ['a', 'a/b'], []],
  ['**/*-dev', ['app-dev', 'team/app-dev'], ['app', 'app-dev/x']],
  ['team-?/**', ['team-a/x/y'], ['team-ab/x', 'team-a']],
  ['[ab]/**', ['a/x', 'b/x/y'], ['c/x']],
  ['[^a]/**', ['b/x'], ['a/x', 'b']],
  [String.raw`a/\**`, [], ['a/b', 'a/b/c']],
];

describe('** as a segment of its own', () => {
  test.each(deep.flatMap(([pattern, names]) => names.map((name) => [pattern, name] as const)))(
    '%s covers %s',
    (pattern, name) => expect(compileGlob(pattern)(name)).toBe(true),
  );

  test.each(deep.flatMap(([pattern, , names]) => names.map((name) => [pattern, name] as const)))(
    '%s does not cover %s',
    (pattern, name) => expect(compileGlob(pattern)(name)).toBe(false),
  );

  test('agrees with an oracle that tries everything', () => {
    const segment = fc.constantFrom('a', 'b', '*', '**', '**', '?b', '[ab]');
    const text = fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 6 }), text, (pattern, names) => {
        expect(compileGlob(pattern.join('/'))(names.join('/'))).toBe(deepOracle(pattern, names));
      }),
      { numRuns: 5000 },
    );
  });

  test('decides in little time about a long name that nearly matches', () => {
    const name = Array.from({ length: 5_000 }, () => 'a').join('/');
    const pattern = `${'**/a/*/'.repeat(70)}b`;
    expect(compileGlob(pattern)(name)).toBe(false);
    expect(compileGlob(pattern)(`${name}/b`)).toBe(true);
  });
});

function deepOracle([segment, ...rest]: readonly string[], names: readonly string[]): boolean {
  if (segment === undefined) return names.length === 0;
  const [name, ...others] = names;
  if (segment !== '**') return name !== undefined && compileGlob(segment)(name) && deepOracle(rest, others);
  if (rest.length === 0) return names.length > 0;
  return deepOracle(rest, names) || (names.length > 0 && deepOracle([segment, ...rest], others));
}

describe('{username}', () => {
  test.each([
    ['home/{username}/*', 'ann', 'home/ann/app', true],
    ['home/{username}/*', 'ann', 'home/bob/app', false],
    ['home/{username}/**', 'ann', 'home/ann/a/b', true],
    ['**/{username}', 'ann', 'a/b/ann', true],
    ['{username}', 'a.b-c_d', 'a.b-c_d', true],
    ['x-{username}-{username}', 'ann', 'x-ann-ann', true],
    ['{username}', '*', 'app', false],
    ['{username}', '**', 'a/b', false],
    ['{username}', '[a-z]', 'a', false],
    ['{username}/*', 'team/ann', 'team/ann/app', false],
    ['{username}/*', 'Ann', 'Ann/app', false],
    ['{username}/*', 'ann@example.com', 'ann@example.com/app', false],
    ['{username}/*', '', '/app', false],
    ['{username}/*', 'a..b', 'a..b/app', false],
    ['[{username}]', 'ann', 'u', true],
    [String.raw`\{username}`, 'ann', 'ann', false],
    ['{user}', 'ann', 'ann', false],
  ])('in %j, of %j: %j is %j', (pattern, username, name, expected) => {
    expect(compileGlob(pattern)(name, username)).toBe(expected);
  });

  test('matches nothing for a caller without a name, and changes with the caller', () => {
    const glob = compileGlob('home/{username}');
    expect(glob('home/{username}')).toBe(false);
    expect(['ann', 'bob', 'ann', undefined].map((username) => glob('home/ann', username))).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test('never matches for one caller what the pattern with the name of another one matches', () => {
    const name = fc.stringMatching(/^[a-c]{1,2}$/);
    fc.assert(
      fc.property(name, name, fc.constantFrom('{username}/*', 'x/{username}', '**/{username}/**'), (a, b, pattern) => {
        fc.pre(a !== b);
        const own = pattern.replace('{username}', b).replaceAll(/\*+/g, 'z');
        expect(compileGlob(pattern)(own, a)).toBe(false);
        expect(compileGlob(pattern)(own, b)).toBe(true);
      }),
    );
  });
});

describe('compileGlob, for any input', () => {
  test('agrees with an oracle that tries everything', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '/', '*'), maxLength: 8 });
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 7 }), texts, (pattern, text) => {
        const source = pattern.map((part) => part.source).join('');
        fc.pre(!source.split('/').includes('**'));
        expect(compileGlob(source)(text)).toBe(oracle(pattern, text));
      }),
      { numRuns: 5000 },
    );
  });

  test('matches every text with itself, once escaped', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (text) => {
        expect(compileGlob(text.replaceAll(/[*?[\\]/g, String.raw`\$&`))(text)).toBe(true);
      }),
    );
  });

  test('throws nothing but PARAMETER_INVALID', () => {
    const pattern = fc.oneof(anyText, fc.string({ unit: fc.constantFrom('a', '-', '^', '[', ']', '\\', '*', '?') }));
    fc.assert(
      fc.property(pattern, anyText, (source, text) => {
        const error = errorOf(() => compileGlob(source)(text));
        if (error !== undefined) expect(error).toMatchObject({ name: 'RegistryError', code: 'PARAMETER_INVALID' });
      }),
      { numRuns: 2000 },
    );
  });
});
