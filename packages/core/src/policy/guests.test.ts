import { describe, expect, test } from 'vitest';
import { guest } from '../principal.ts';
import { rule } from '../testing/policy.ts';
import { PolicyEngine } from './engine.ts';
import { actions, type PolicyInput, type PolicyRule } from './types.ts';

const asGuest = (action: PolicyInput['action'], repository?: string): PolicyInput => {
  const { id: subject, ...caller } = guest;
  return { subject, ...caller, action, ...(repository !== undefined && { repository }) };
};

function engine(...rules: Partial<PolicyRule>[]): PolicyEngine {
  const created = new PolicyEngine();
  created.setRules(rules.map((fields, at) => rule({ id: at + 1, ...fields })));
  return created;
}

const forGuests = { accountTypes: ['anonymous'], actions: ['registry:pull'] } as const;

describe('for guests', () => {
  const allowed = (created: PolicyEngine) =>
    actions.filter((action) => created.evaluate(asGuest(action, 'public/app')).effect === 'allow');

  test.each<[string, Partial<PolicyRule>[], readonly string[]]>([
    ['no rule', [], []],
    ['a rule for everything', [{}], []],
    ['rules for people and machines', [{ accountTypes: ['human', 'system'] }], []],
    ['a rule for pulls', [forGuests], ['registry:pull']],
    ['a rule for a pattern', [{ ...forGuests, repositories: ['public/**'] }], ['registry:pull']],
    ['a rule for another pattern', [{ ...forGuests, repositories: ['open/**'] }], []],
    ['a rule for all actions', [{ accountTypes: ['anonymous'] }], ['registry:pull', 'registry:catalog']],
    ['a rule for pushes', [{ ...forGuests, actions: ['registry:push', 'registry:delete'] }], []],
    [
      'a deny for any account',
      [forGuests, { effect: 'deny', actions: ['registry:pull'], repositories: ['public/*'] }],
      [],
    ],
    ['a deny for people', [forGuests, { effect: 'deny', accountTypes: ['human'] }], ['registry:pull']],
    ['a pattern with the name of the caller', [{ ...forGuests, repositories: ['{username}/app'] }], []],
  ])('%s allows nothing but the version check and pulling where it names them', (_, rules, also) => {
    expect(allowed(engine(...rules)).toSorted()).toEqual(['registry:version_check', ...also].toSorted());
  });

  test.each<[boolean, Partial<PolicyRule>[]]>([
    [false, []],
    [false, [{}]],
    [true, [forGuests]],
    [true, [{ ...forGuests, repositories: ['public/**'] }]],
    [true, [forGuests, { effect: 'deny', repositories: ['secret/**'] }]],
    [false, [forGuests, { effect: 'deny' }]],
    [false, [{ ...forGuests, roles: ['ci'] }]],
    [false, [{ ...forGuests, actions: ['registry:catalog'] }]],
  ])('allowsGuests is %s for %j', (expected, rules) => {
    expect(engine(...rules).allowsGuests).toBe(expected);
  });
});
