import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adminInput, anyInput, anyRule, humanInput, rule, systemInput } from '../testing/policy.ts';
import { rejectionOf } from '../testing/rejection.ts';
import { compileRule, evaluate, sortRules } from './evaluate.ts';
import { actions, type Decision, type PolicyInput, type PolicyRule } from './types.ts';

function decide(input: PolicyInput, ...rules: PolicyRule[]): Decision {
  return evaluate(input, rules.map(compileRule));
}

const pull = systemInput('registry:pull', 'production/app');

describe('evaluate', () => {
  test.each(actions)('admin wildcard: a rule for the role admin allows %s', (action) => {
    const wildcard = rule({ roles: ['admin'] });
    expect(decide(adminInput(action, 'production/app'), wildcard).effect).toBe('allow');
    expect(decide(adminInput(action), wildcard).effect).toBe('allow');
    expect(decide(systemInput(action), wildcard).effect).toBe('deny');
  });

  test('user allow: a rule for people allows the actions that it names', () => {
    const users = rule({ accountTypes: ['human'], actions: ['registry:pull', 'registry:push'] });
    expect(decide(humanInput('registry:push', 'dev/app'), users)).toEqual({
      effect: 'allow',
      rule: users,
      matches: [users],
    });
    expect(decide(humanInput('registry:delete', 'dev/app'), users).effect).toBe('deny');
  });

  test('system account deny: without rules the decision is deny', () => {
    const decision = decide(pull);
    expect(decision).toEqual({ effect: 'deny', matches: [] });
    expect(decision).not.toHaveProperty('rule');
  });

  test('exact repository match: a rule allows the repository that it names, and no other', () => {
    const exact = rule({ repositories: ['production/app'] });
    expect(decide(pull, exact).effect).toBe('allow');
    for (const other of ['production/app2', 'production', 'x/production/app', 'production/app/x']) {
      expect(decide(systemInput('registry:pull', other), exact).effect).toBe('deny');
    }
  });

  test('glob match: production/* allows exactly one level below production', () => {
    const glob = rule({ repositories: ['production/*'] });
    expect(decide(pull, glob).effect).toBe('allow');
    expect(decide(systemInput('registry:pull', 'production/team/app'), glob).effect).toBe('deny');
    expect(decide(systemInput('registry:pull', 'staging/app'), glob).effect).toBe('deny');
  });

  test('an exception takes callers out of a rule, by role or account, and leaves the others', () => {
    const all = rule({ effect: 'deny', exceptRoles: ['ops', 'admin'], exceptSubjects: ['ANN'] });
    expect(decide(pull, all).rule).toBe(all);
    expect(decide(adminInput('registry:pull', 'production/app'), all).matches).toEqual([]);
    expect(decide({ ...pull, roles: ['ci', 'ops'] }, all).matches).toEqual([]);
    expect(decide({ ...pull, subject: 'ann' }, all).matches).toEqual([]);
  });

  test('an exception never widens a rule: what it matches, it matches without it', () => {
    const exceptions = fc.record({
      exceptRoles: fc.subarray(['admin', 'user', 'ci']),
      exceptSubjects: fc.subarray(['ann', 'bot']),
    });
    fc.assert(
      fc.property(anyInput, anyRule, exceptions, (input, plain, excepted) => {
        const isExcepted =
          excepted.exceptSubjects.includes(input.subject) ||
          input.roles.some((role) => excepted.exceptRoles.includes(role));
        const before = decide(input, plain).matches.length;
        expect(decide(input, { ...plain, ...excepted }).matches.length).toBe(isExcepted ? 0 : before);
      }),
    );
  });

  test('a rule with several globs matches if one of them does', () => {
    const globs = rule({ repositories: ['staging/*', 'production/*'] });
    expect(decide(pull, globs).effect).toBe('allow');
  });

  test('deny wins over allow, whatever the priorities', () => {
    const allow = rule({ id: 1, priority: 1 });
    const deny = rule({ id: 2, priority: 99, effect: 'deny' });
    expect(decide(pull, allow, deny)).toEqual({ effect: 'deny', rule: deny, matches: [allow, deny] });
  });

  test('priority ordering: among allows, and among denies, the lowest priority decides', () => {
    const late = rule({ id: 1, priority: 20 });
    const early = rule({ id: 2, priority: 10 });
    const lateDeny = rule({ id: 3, priority: 40, effect: 'deny' });
    const earlyDeny = rule({ id: 4, priority: 30, effect: 'deny' });
    expect(decide(pull, late, early).rule).toBe(early);
    expect(decide(pull, lateDeny, late, earlyDeny, early)).toEqual({
      effect: 'deny',
      rule: earlyDeny,
      matches: [early, late, earlyDeny, lateDeny],
    });
  });

  test('rules of one priority are considered in the order given', () => {
    const first = rule({ id: 9 });
    const second = rule({ id: 3 });
    expect(decide(pull, first, second).rule).toBe(first);
    expect(decide(pull, second, first).rule).toBe(second);
  });

  test.each([
    ['absent', undefined],
    ['empty', ''],
  ])(
    'empty repository: a global operation with an %s repository matches only rules without repositories',
    (_name, repository) => {
      const catalog = systemInput('registry:catalog', repository);
      expect(decide(catalog, rule({ repositories: ['*'] })).effect).toBe('deny');
      expect(decide(catalog, rule({ repositories: [''] })).effect).toBe('deny');
      expect(decide(catalog, rule({ effect: 'deny', repositories: ['*'] }), rule()).effect).toBe('allow');
      expect(decide(catalog, rule()).effect).toBe('allow');
    },
  );

  test('multiple matching rules are all listed, in the order of evaluation', () => {
    const rules = [30, 10, 20].map((priority) => rule({ id: priority, priority }));
    const other = rule({ id: 5, actions: ['registry:push'] });
    expect(decide(pull, ...rules, other).matches.map(({ id }) => id)).toEqual([10, 20, 30]);
  });

  test('all populated fields must match', () => {
    const fields = {
      roles: ['ci'],
      accountTypes: ['system' as const],
      subject: 'bot',
      actions: ['registry:pull' as const],
      repositories: ['production/*'],
    };
    const input: PolicyInput = { ...pull, roles: ['ci', 'other'] };
    expect(decide(input, rule(fields)).effect).toBe('allow');
    const misses: Partial<PolicyRule>[] = [
      { roles: ['admin'] },
      { accountTypes: ['human'] },
      { subject: 'other-bot' },
      { actions: ['registry:push'] },
      { repositories: ['staging/*'] },
    ];
    for (const miss of misses) expect(decide(input, rule({ ...fields, ...miss })).effect).toBe('deny');
  });

  test('one of several roles, types or actions is enough', () => {
    const any = rule({
      roles: ['a', 'ci'],
      accountTypes: ['human', 'system'],
      actions: ['registry:push', 'registry:pull'],
    });
    expect(decide({ ...pull, roles: ['x', 'ci'] }, any).effect).toBe('allow');
  });

  test('an empty subject is a wildcard, like an absent one', () => {
    expect(decide(pull, rule({ subject: '' })).effect).toBe('allow');
  });

  test('roles are compared as they are, and subjects, which are UUIDs, in any case', () => {
    expect(decide({ ...pull, roles: ['Admin'] }, rule({ roles: ['admin'] })).effect).toBe('deny');
    const [lower, upper] = ['3f8e1d9e-1b0a-4c8e-9d55-0a5b6c7d8e9f', '3F8E1D9E-1B0A-4C8E-9D55-0A5B6C7D8E9F'];
    for (const [subject, asks] of [
      [upper, lower],
      [lower, upper],
    ] as const) {
      expect(decide({ ...pull, subject: asks }, rule({ subject })).effect).toBe('allow');
    }
    expect(decide({ ...pull, subject: lower.replace('3', '4') }, rule({ subject: upper })).effect).toBe('deny');
  });
});

describe('compileRule', () => {
  test('rejects a malformed glob', () => {
    rejectionOf('PARAMETER_INVALID', () => compileRule(rule({ repositories: ['good/*', 'bad['] })));
  });
});

describe('sortRules', () => {
  test('sorts by priority, keeps the order given within one, and leaves the given list alone', () => {
    const given = [
      [1, 5],
      [2, 0],
      [3, 5],
      [4, -1],
    ].map(([id = 0, priority = 0]) => rule({ id, priority }));
    expect(sortRules(given).map(({ id }) => id)).toEqual([4, 2, 1, 3]);
    expect(given.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
  });
});

describe('evaluate, for any rules', () => {
  const anyRules = fc.array(anyRule, { maxLength: 8 });

  test('adding a deny never widens what is allowed', () => {
    fc.assert(
      fc.property(anyInput, anyRules, anyRule, (input, rules, added) => {
        fc.pre(decide(input, ...rules).effect === 'deny');
        expect(decide(input, ...rules, { ...added, effect: 'deny' }).effect).toBe('deny');
      }),
    );
  });

  test('adding an allow never narrows what is allowed', () => {
    fc.assert(
      fc.property(anyInput, anyRules, anyRule, (input, rules, added) => {
        fc.pre(decide(input, ...rules).effect === 'allow');
        expect(decide(input, { ...added, effect: 'allow' }, ...rules).effect).toBe('allow');
      }),
    );
  });

  test('order and duplication of rules do not change the effect', () => {
    const reordered = anyRules.chain((rules) =>
      fc.tuple(
        fc.constant(rules),
        fc.shuffledSubarray([...rules, ...rules], { minLength: rules.length * 2 }),
        fc.shuffledSubarray(rules, { minLength: rules.length }),
      ),
    );
    fc.assert(
      fc.property(anyInput, reordered, (input, [rules, doubled, shuffled]) => {
        const { effect } = decide(input, ...rules);
        expect(decide(input, ...shuffled).effect).toBe(effect);
        expect(decide(input, ...doubled).effect).toBe(effect);
      }),
    );
  });

  test('the explanation agrees with the decision', () => {
    fc.assert(
      fc.property(anyInput, anyRules, (input, rules) => {
        const { effect, rule: deciding, matches } = decide(input, ...rules);
        expect(effect).toBe(deciding?.effect ?? 'deny');
        expect(matches).toEqual(sortRules(matches));
        expect(deciding).toBe(matches.find((match) => match.effect === effect));
        expect(matches).toEqual(sortRules(rules.filter((one) => decide(input, one).matches.length > 0)));
      }),
    );
  });
});
