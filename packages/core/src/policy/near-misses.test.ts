import { describe, expect, test } from 'vitest';
import { humanInput, rule, systemInput } from '../testing/policy.ts';
import { type LoadedRule, PolicyEngine } from './engine.ts';
import type { PolicyInput } from './types.ts';

const pull = systemInput('registry:pull', 'prod/team/app');

/** Ids of the rules that nearly matched, with the fields that failed. */
function near(input: PolicyInput, ...rules: Partial<LoadedRule>[]): Record<string, string> {
  const engine = new PolicyEngine('closed');
  engine.setRules(rules.map(({ enabled = true, ...fields }, at) => ({ ...rule({ id: at + 1, ...fields }), enabled })));
  const found = engine.nearMisses(input, engine.evaluate(input));
  return Object.fromEntries(found.map(({ rule: { id }, failed }) => [id, failed.join()]));
}

describe('nearMisses', () => {
  test.each<[string, Partial<LoadedRule>]>([
    ['actions', { actions: ['registry:push'] }],
    ['account_types', { accountTypes: ['human'] }],
    ['roles', { roles: ['ci'] }],
    ['subject', { subject: 'ann' }],
    ['except_subjects', { exceptSubjects: ['BOT'] }],
    ['repositories', { repositories: ['prod/*'] }],
    ['enabled', { enabled: false }],
    ['enabled,repositories', { enabled: false, repositories: ['prod/app'] }],
  ])('names %s as what failed', (field, fields) => {
    expect(near(pull, fields)).toEqual({ 1: field });
  });

  test('names the excepted role, and is not asked to name a rule that matches', () => {
    expect(near(humanInput('registry:pull', 'prod/app'), { exceptRoles: ['user'] })).toEqual({ 1: 'except_roles' });
    expect(near(pull, {})).toEqual({});
  });

  test('begins with the nearest, leaves out what differs in more than two fields, and is short', () => {
    const far = { roles: ['ci'], subject: 'ann', actions: ['registry:push'] as const };
    const two = { roles: ['ci'], subject: 'ann', priority: 1 };
    const one = { roles: ['ci'], priority: 9 };
    expect(Object.keys(near(pull, far, two, one))).toEqual(['2', '3']);
    const engine = new PolicyEngine('closed');
    engine.setRules([far, two, one].map((fields, at) => rule({ id: at + 1, ...fields })));
    expect(engine.nearMisses(pull, engine.evaluate(pull)).map(({ rule: { id } }) => id)).toEqual([3, 2]);
    expect(Object.keys(near(pull, ...Array.from({ length: 9 }, () => one)))).toHaveLength(5);
  });

  test('are none where a rule decides', () => {
    expect(near(pull, { repositories: ['prod/**'] }, { roles: ['ci'] })).toEqual({});
    expect(near(pull, { roles: ['ci'] }, { effect: 'deny' })).toEqual({});
    expect(near(pull, { roles: ['ci'] }, { effect: 'deny', roles: ['ci'] })).toEqual({ 1: 'roles' });
  });

  test('contain a disabled rule whose pattern is malformed', () => {
    expect(near(pull, { enabled: false, repositories: ['bad['] })).toEqual({ 1: 'enabled,repositories' });
  });
});
