import { describe, expect, test } from 'vitest';
import { adminInput, humanInput, rule, systemInput } from '../testing/policy.ts';
import { rejectionOf } from '../testing/rejection.ts';
import { PolicyEngine } from './engine.ts';
import type { PolicyInput } from './types.ts';

const pull = systemInput('registry:pull', 'production/app');

function ids(engine: PolicyEngine): number[] {
  return engine.rules.map(({ id }) => id);
}

describe('PolicyEngine', () => {
  test('with only the defaults allows people to pull, and system accounts to check the version', () => {
    const engine = new PolicyEngine();
    expect(ids(engine)).toEqual([-1, -2, -3]);
    expect(engine.evaluate(humanInput('registry:pull', 'a')).effect).toBe('allow');
    expect(engine.evaluate(systemInput('registry:version_check')).effect).toBe('allow');
    expect(engine.evaluate(pull)).toEqual({ effect: 'deny', matches: [] });
  });

  test('of a closed registry gives people what rules give, and keeps admins and the version check', () => {
    const engine = new PolicyEngine('closed');
    const person = (repository: string) => engine.evaluate(humanInput('registry:pull', repository)).effect;
    expect(person('team/app')).toBe('deny');
    expect(engine.evaluate(humanInput('registry:version_check')).effect).toBe('allow');
    expect(engine.evaluate(adminInput('registry:push', 'team/app')).effect).toBe('allow');
    expect(engine.rules.map(({ id }) => id)).toEqual([-1, -3]);
    engine.setRules([rule({ accountTypes: ['human'], repositories: ['team/**'] })]);
    expect([person('team/app'), person('other/app')]).toEqual(['allow', 'deny']);
  });

  test('with custom rules allows what they allow, and keeps the defaults', () => {
    const engine = new PolicyEngine();
    const custom = rule({ id: 7, actions: ['registry:pull'], repositories: ['production/*'] });
    engine.setRules([custom]);
    expect(engine.evaluate(pull)).toEqual({ effect: 'allow', rule: custom, matches: [custom] });
    expect(engine.evaluate({ ...pull, repository: 'staging/app' }).effect).toBe('deny');
    expect(engine.evaluate(adminInput('policy:manage')).rule?.id).toBe(-1);
  });

  test('with a custom deny overrides the defaults, also for administrators', () => {
    const engine = new PolicyEngine();
    engine.setRules([rule({ id: 8, effect: 'deny', repositories: ['frozen/*'], actions: ['registry:push'] })]);
    for (const input of [humanInput, adminInput]) {
      expect(engine.evaluate(input('registry:push', 'frozen/app'))).toMatchObject({ effect: 'deny', rule: { id: 8 } });
      expect(engine.evaluate(input('registry:pull', 'frozen/app')).effect).toBe('allow');
    }
  });

  test('reload replaces the rules', () => {
    const engine = new PolicyEngine();
    engine.setRules([rule({ id: 1, repositories: ['production/app'] })]);
    expect(engine.evaluate(pull).effect).toBe('allow');
    engine.setRules([rule({ id: 2, repositories: ['staging/app'] })]);
    expect(engine.evaluate(pull).effect).toBe('deny');
    expect(engine.evaluate({ ...pull, repository: 'staging/app' }).rule?.id).toBe(2);
    engine.setRules([]);
    expect(ids(engine)).toEqual([-1, -2, -3]);
  });

  test('allows everywhere what a rule without repositories allows and no deny restricts', () => {
    const engine = new PolicyEngine();
    const everywhere = (input: PolicyInput) => engine.allowsEverywhere(input);
    expect(everywhere(humanInput('registry:pull', 'a'))).toBe(true);
    expect(everywhere(pull)).toBe(false);
    engine.setRules([rule({ id: 1, accountTypes: ['system'], repositories: ['production/*'] })]);
    expect(everywhere(pull)).toBe(false);
    engine.setRules([rule({ id: 1, accountTypes: ['system'] })]);
    expect(everywhere(pull)).toBe(true);
    const deny = rule({ id: 2, effect: 'deny', actions: ['registry:pull'], repositories: ['secret/*'] });
    engine.setRules([deny]);
    expect(everywhere(humanInput('registry:pull', 'a'))).toBe(false);
    expect(everywhere(adminInput('registry:pull', 'a'))).toBe(false);
    expect(everywhere(humanInput('registry:push', 'a'))).toBe(true);
    engine.setRules([{ ...deny, enabled: false }]);
    expect(everywhere(humanInput('registry:pull', 'a'))).toBe(true);
  });

  test('ignores disabled rules', () => {
    const engine = new PolicyEngine();
    engine.setRules([
      { ...rule({ id: 1 }), enabled: false },
      { ...rule({ id: 2, repositories: ['production/*'] }), enabled: true },
      { ...rule({ id: 3, effect: 'deny' }), enabled: false },
    ]);
    expect(ids(engine)).toEqual([-1, -2, -3, 2]);
    expect(engine.evaluate(pull)).toMatchObject({ effect: 'allow', rule: { id: 2 } });
  });

  test('lists the rules in the order of evaluation', () => {
    const engine = new PolicyEngine();
    engine.setRules([rule({ id: 1, priority: 9 }), rule({ id: 2, priority: 3 }), rule({ id: 3, priority: 9 })]);
    expect(ids(engine)).toEqual([-1, -2, -3, 2, 1, 3]);
  });

  test('keeps its rules if new ones are malformed', () => {
    const engine = new PolicyEngine();
    engine.setRules([rule({ id: 1, repositories: ['production/*'] })]);
    rejectionOf('PARAMETER_INVALID', () => {
      engine.setRules([rule({ id: 2 }), rule({ id: 3, repositories: ['['] })]);
    });
    expect(ids(engine)).toEqual([-1, -2, -3, 1]);
    expect(engine.evaluate(pull).effect).toBe('allow');
  });

  test('is not affected by a later change of the list that was passed', () => {
    const engine = new PolicyEngine();
    const rules = [rule({ id: 1 })];
    engine.setRules(rules);
    rules.push(rule({ id: 2 }));
    expect(ids(engine)).toEqual([-1, -2, -3, 1]);
  });

  test('decides about many repositories as about each alone', () => {
    const engine = new PolicyEngine('closed');
    const input = { ...humanInput('registry:pull', 'a'), roles: ['dev'] };
    engine.setRules([
      rule({ id: 1, roles: ['dev'], repositories: ['team/**'] }),
      rule({ id: 2, roles: ['ops'], repositories: ['ops/*'] }),
      rule({ id: 3, actions: ['registry:push'], repositories: ['ops/*'] }),
      rule({ id: 4, effect: 'deny', accountTypes: ['human'], repositories: ['team/secret'] }),
      rule({ id: 5, repositories: ['home/{username}/*'] }),
    ]);
    const names = ['team/app', 'team/secret', 'ops/tool', `home/${input.username}/app`, 'home/other/app'];
    const isAllowed = engine.allowedIn(input);
    const alone = names.filter((repository) => engine.evaluate({ ...input, repository }).effect === 'allow');
    expect(names.filter((name) => isAllowed(name))).toEqual(alone);
    expect(alone).toEqual(['team/app', `home/${input.username}/app`]);
    const guest = engine.allowedIn({ ...input, accountType: 'anonymous', roles: [] });
    expect(names.filter((name) => guest(name))).toEqual([]);
    const open = new PolicyEngine().allowedIn(input);
    expect(names.filter((name) => open(name))).toEqual(names);
    const limits = { actions: [], repositories: ['ops/*'] };
    const narrowed = new PolicyEngine().allowedIn({ ...input, limits });
    expect(names.filter((name) => narrowed(name))).toEqual(['ops/tool']);
  });
});
