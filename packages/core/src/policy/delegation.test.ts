import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delegationProblem, isApart, liesWithin } from './delegation.ts';
import { compileGlob } from './glob.ts';

const within: readonly (readonly [pattern: string, scope: string, result: boolean])[] = [
  ['team-x/app', 'team-x/**', true],
  ['team-x/a/b/c', 'team-x/**', true],
  ['team-x/**', 'team-x/**', true],
  ['team-x/*', 'team-x/**', true],
  ['team-x/base/*', 'team-x/**', true],
  ['team-x/base/**', 'team-x/**', true],
  ['team-x', 'team-x/**', false],
  ['team-x2/app', 'team-x/**', false],
  ['team-x-evil/**', 'team-x/**', false],
  ['other/**', 'team-x/**', false],
  ['**', 'team-x/**', false],
  ['*', 'team-x/**', false],
  ['*/**', 'team-x/**', false],
  ['*/app', 'team-x/**', false],
  ['team-?/app', 'team-x/**', false],
  ['team-[x]/app', 'team-x/**', false],
  ['team-\\x/app', 'team-x/**', false],
  ['team-x/{username}', 'team-x/**', false],
  ['team-x/{username}/**', 'team-x/**', false],
  ['{username}/app', 'team-x/**', false],
  ['team-x/*/app', 'team-x/**', false],
  ['team-x/**/app', 'team-x/**', false],
  ['team-x/a*', 'team-x/**', false],
  ['team-x/a?', 'team-x/**', false],
  ['team-x/***', 'team-x/**', false],
  ['team-x/../other/app', 'team-x/**', false],
  ['team-x//app', 'team-x/**', false],
  ['team-x/', 'team-x/**', false],
  ['/team-x/app', 'team-x/**', false],
  ['Team-X/app', 'team-x/**', false],
  ['', 'team-x/**', false],
  ['team-x/app\n', 'team-x/**', false],
  ['team-x/app', 'team-x/*', true],
  ['team-x/*', 'team-x/*', true],
  ['team-x/**', 'team-x/*', false],
  ['team-x/a/b', 'team-x/*', false],
  ['team-x/a/*', 'team-x/*', false],
  ['team-x', 'team-x/*', false],
  ['team-x/app', 'team-x/app', true],
  ['team-x/app/x', 'team-x/app', false],
  ['team-x/app/*', 'team-x/app', false],
  ['team-x/*', 'team-x/app', false],
  ['team-x/app', 'team-x/app/**', false],
];

test.each(within)('%j within %j: %s', (pattern, scope, result) => {
  expect(liesWithin(pattern, [scope])).toBe(result);
  expect(liesWithin(pattern, ['elsewhere/**', scope])).toBe(result);
});

test('within no scope there is nothing, and what two patterns cover only together is not within', () => {
  expect(liesWithin('team-x/app', [])).toBe(false);
  expect(liesWithin('team-x/**', ['team-x/*', 'team-x/a/**'])).toBe(false);
});

test.each(['**', '*', 'team-*/**', '{username}/**', 'team-x/**/app', 'team-x/a*', 'Team/**', '', '/', 'a//b'])(
  'the pattern %j cannot be delegated, and the error says what can',
  (pattern) => {
    expect(delegationProblem(pattern)).toMatch(/cannot be delegated: write whole segments.*"team-x\/\*\*"/);
  },
);

test.each(['team-x/**', 'team-x/*', 'team-x/app', 'acme/team-x/**'])('the pattern %j can be delegated', (pattern) => {
  expect(delegationProblem(pattern)).toBeUndefined();
});

/** Every name of up to four of three segments. */
const names = ['a', 'b', 'ab'].reduce<string[]>(
  (all) => {
    const longer = all.flatMap((name) => ['a', 'b', 'ab'].map((segment) => `${name}/${segment}`));
    return [...new Set([...all, ...longer])];
  },
  ['a', 'b', 'ab'],
);
const segment = fc.constantFrom('a', 'b', 'ab', 'a', 'b', '*', '**', 'a*', '?', '[ab]', '[^a]', '\\a', '{username}');
const anyPattern = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
const plain = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 3 }), fc.constantFrom('', '/*', '/**'))
  .map(([literals, tail]) => literals.join('/') + tail);

describe('for every name', () => {
  test('what lies within a scope covers nothing beyond it, whoever asks', () => {
    fc.assert(
      fc.property(anyPattern, fc.array(plain, { maxLength: 3 }), (pattern, scope) => {
        if (!liesWithin(pattern, scope)) return;
        const [inner, outer] = [compileGlob(pattern), scope.map((one) => compileGlob(one))];
        for (const name of names)
          for (const username of ['a', 'b', undefined])
            if (inner(name, username)) expect(outer.some((glob) => glob(name))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('of plain patterns, all that cover nothing beyond a scope lie within it', () => {
    fc.assert(
      fc.property(plain, plain, (pattern, scope) => {
        const [inner, outer] = [compileGlob(pattern), compileGlob(scope)];
        const covered = names.filter((name) => inner(name));
        fc.pre(pattern.split('/').length < 4);
        expect(liesWithin(pattern, [scope])).toBe(covered.every((name) => outer(name)));
      }),
    );
  });

  test('patterns that are apart cover no name in common', () => {
    const others = anyPattern.filter((pattern) => !pattern.includes('{'));
    fc.assert(
      fc.property(plain, others, (pattern, other) => {
        if (!isApart(pattern, other)) return;
        const [one, two] = [compileGlob(pattern), compileGlob(other)];
        expect(names.filter((name) => one(name) && two(name))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['team-x/**', 'team-y/**'],
    ['team-x/**', 'prod/*'],
    ['team-x/a', 'team-x/b'],
    ['team-x/*', 'team-x/a/*'],
    ['team-x/**', 'team-x'],
    ['team-x/app', 'team-x/app/**'],
    ['team-x/**', 'team-y*/**'],
  ])('%s and %s are apart', (pattern, other) => {
    expect(isApart(pattern, other)).toBe(true);
  });
});
