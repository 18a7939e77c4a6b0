import { describe, expect, test } from 'vitest';
import { rule } from '../testing/policy.ts';
import { exceptionProblem, guestProblem, isForEverything, ruleWarnings, scopeProblem } from './rule-problems.ts';

describe('ruleWarnings', () => {
  test('suggests a replacement for each pattern that matches no name', () => {
    const repositories = ['secret/*', 'Secret/*', '{a,b}'];
    expect(ruleWarnings(rule({ repositories }))).toEqual([
      expect.stringMatching(/"Secret\/\*" .* write "secret\/\*"$/),
      expect.stringMatching(/"\{a,b\}" .* write "a" and "b"$/),
    ]);
  });

  test('says which patterns an upgrade has rewritten, and how that ends', () => {
    const rewritten = { repositories: ['prod/*', 'dev/*'], rewrittenFrom: ['prod/**', 'dev/*'] };
    expect(ruleWarnings({ ...rule(), ...rewritten })).toEqual([
      'an upgrade has rewritten "prod/**" to "prod/*", which matches the same as before: ** now crosses slashes, and {username} is the caller\'s name; saving the rule, as it is or with the pattern that you meant, ends this warning',
    ]);
  });

  test('finds nothing in sound rules', () => {
    expect(ruleWarnings(rule())).toEqual([]);
    expect(ruleWarnings(rule({ actions: ['registry:pull'], repositories: ['a/*', 'b/?', 'c/**'] }))).toEqual([]);
  });
});

describe('scopeProblem', () => {
  test('reports patterns with actions that concern no repository', () => {
    const repositories = ['secret/*'];
    expect(scopeProblem({ actions: ['registry:catalog'], repositories })).toMatch(/registry:catalog/);
    expect(scopeProblem({ actions: ['registry:catalog'], repositories: [] })).toBeUndefined();
    expect(scopeProblem({ actions: ['registry:catalog', 'registry:pull'], repositories })).toBeUndefined();
    expect(scopeProblem({ actions: [], repositories })).toBeUndefined();
  });
});

describe('exceptionProblem', () => {
  test.each([
    [{ roles: ['ci', 'cd'], exceptRoles: ['cd', 'ci', 'ops'] }, /excepts every role that it is about \(ci, cd\)/],
    [{ roles: [], subject: 'a-1', exceptSubjects: ['A-1'] }, /excepts the account that it is about/],
  ])('%j', (callers, words) => {
    expect(exceptionProblem(callers)?.problem).toMatch(words);
    expect(ruleWarnings(rule(callers))).toEqual([expect.stringMatching(words)]);
  });

  test.each([
    { roles: ['ci', 'cd'], exceptRoles: ['ci'] },
    { roles: [], exceptRoles: ['ci'] },
    { roles: [], subject: 'a', exceptSubjects: ['b'] },
  ])('%j has none', (callers) => expect(exceptionProblem(callers)).toBeUndefined());
});

describe('isForEverything', () => {
  test('is true of a rule without accounts, actions and repositories', () => {
    expect(isForEverything(rule())).toBe(true);
    expect(isForEverything(rule({ subject: '' }))).toBe(true);
  });

  test.each([
    { roles: ['ci'] },
    { accountTypes: ['human' as const] },
    { subject: 'ann' },
    { actions: ['registry:pull' as const] },
    { repositories: ['*'] },
    { exceptRoles: ['ops'] },
    { exceptSubjects: ['ann'] },
  ])('is false of one with %j', (fields) => {
    expect(isForEverything(rule(fields))).toBe(false);
  });
});

describe('guestProblem', () => {
  const pulls = rule({ accountTypes: ['anonymous'], actions: ['registry:pull', 'registry:catalog'] });

  test('finds nothing in a rule that is not for guests, lets them pull and list, or denies them something', () => {
    for (const sound of [rule(), pulls, rule({ accountTypes: ['anonymous'], effect: 'deny' })]) {
      expect(guestProblem(sound)).toBeUndefined();
    }
  });

  test.each([
    [{ actions: [] }, 'actions'],
    [{ actions: ['registry:pull', 'registry:delete'] }, 'actions'],
    [{ roles: ['ci'] }, 'roles'],
    [{ subject: 'ann' }, 'subject'],
  ] as const)('rejects %j', (fields, field) => {
    expect(guestProblem({ ...pulls, ...fields })?.field).toBe(field);
  });
});
