import { describe, expect, test } from 'vitest';
import { adminInput, humanInput, systemInput } from '../testing/policy.ts';
import { builtinRules } from './builtin-rules.ts';
import { compileRule, evaluate } from './evaluate.ts';
import { type Action, actions, type PolicyInput } from './types.ts';

const compiled = builtinRules.map(compileRule);

function decide(input: PolicyInput) {
  const { effect, rule } = evaluate(input, compiled);
  return { effect, id: rule?.id };
}

const userActions: Action[] = ['registry:pull', 'registry:push', 'registry:delete', 'registry:catalog'];

describe('builtinRules', () => {
  test('have the ids -1, -2 and -3 and priority 0', () => {
    expect(builtinRules.map(({ id, priority }) => ({ id, priority }))).toEqual([
      { id: -1, priority: 0 },
      { id: -2, priority: 0 },
      { id: -3, priority: 0 },
    ]);
  });

  test('only allow, so that they cannot outvote a stored deny', () => {
    expect(builtinRules.map(({ effect }) => effect)).toEqual(['allow', 'allow', 'allow']);
  });

  test.each(actions)('admin gets allow for %s, by rule -1', (action) => {
    expect(decide(adminInput(action, 'team/app'))).toEqual({ effect: 'allow', id: -1 });
    expect(decide(adminInput(action))).toEqual({ effect: 'allow', id: -1 });
  });

  test.each(userActions)('user gets allow for %s, by rule -2', (action) => {
    expect(decide(humanInput(action, 'team/app'))).toEqual({ effect: 'allow', id: -2 });
    expect(decide(humanInput(action))).toEqual({ effect: 'allow', id: -2 });
  });

  test('user gets allow for version_check, by rule -3', () => {
    expect(decide(humanInput('registry:version_check'))).toEqual({ effect: 'allow', id: -3 });
  });

  test('user gets deny for policy:manage', () => {
    expect(decide(humanInput('policy:manage'))).toEqual({ effect: 'deny', id: undefined });
  });

  test.each(actions.filter((action) => action !== 'registry:version_check'))(
    'system account gets deny for %s, even with the role user',
    (action) => {
      expect(decide(systemInput(action, 'team/app'))).toEqual({ effect: 'deny', id: undefined });
      expect(decide({ ...systemInput(action), roles: ['user'] })).toEqual({ effect: 'deny', id: undefined });
    },
  );

  test('system account gets allow for version_check', () => {
    expect(decide(systemInput('registry:version_check'))).toEqual({ effect: 'allow', id: -3 });
  });
});
