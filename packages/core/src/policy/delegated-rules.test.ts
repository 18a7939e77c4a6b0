import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rule } from '../testing/policy.ts';
import { asDelegated, type Delegate, delegatedChangeProblem } from './delegated-rules.ts';
import { repositoryActions } from './delegation.ts';
import { PolicyEngine } from './engine.ts';
import type { PolicyInput, PolicyRule } from './types.ts';

const ann = { subject: 'ann', username: 'ann', accountType: 'human', roles: ['lead'] } as const;
const lead: Delegate = { caller: ann, scope: ['team-x/**', 'shared/x'] };
const pullAndPush = rule({
  id: 1,
  roles: ['lead'],
  actions: ['registry:pull', 'registry:push'],
  repositories: ['team-x/**'],
});

function engineOf(...rules: PolicyRule[]): PolicyEngine {
  const engine = new PolicyEngine('closed');
  engine.setRules(rules);
  return engine;
}

const held = engineOf(pullAndPush);
const own = (fields: Partial<PolicyRule>): PolicyRule =>
  asDelegated(
    rule({
      id: 2,
      roles: ['dev'],
      repositories: ['team-x/**'],
      actions: ['registry:pull'],
      delegated: true,
      ...fields,
    }),
    'ann',
  );

const writes: readonly (readonly [what: string, fields: Partial<PolicyRule>, problem: RegExp | undefined])[] = [
  ['an allow of what they may do', {}, undefined],
  [
    'an allow of both actions in a part',
    { actions: ['registry:pull', 'registry:push'], repositories: ['team-x/a/*'] },
    undefined,
  ],
  ['an allow for a robot', { roles: [], subject: 'bot' }, undefined],
  ['a deny', { effect: 'deny', actions: [] }, undefined],
  ['a deny of an action that they lack', { effect: 'deny', actions: ['registry:delete'] }, undefined],
  ['a rule without repositories', { repositories: [] }, /names repositories/],
  ['a deny without repositories', { effect: 'deny', repositories: [] }, /names repositories/],
  [
    'one pattern of two beyond',
    { repositories: ['team-x/a', 'team-y/a'] },
    /"team-y\/a" is beyond team-x\/\*\*, shared\/x/,
  ],
  ['a prefix twin', { repositories: ['team-x-evil/**'] }, /beyond/],
  ['a pattern with a star inside', { repositories: ['team-x/*/app'] }, /cannot be delegated/],
  ['a pattern with a name', { repositories: ['team-x/{username}'] }, /cannot be delegated/],
  ['a deny for others elsewhere', { effect: 'deny', repositories: ['prod/**'] }, /beyond/],
  ['an action that they lack', { actions: ['registry:delete'] }, /may not do registry:delete in all of team-x/],
  ['all actions', { actions: [] }, /may not do registry:delete/],
  [
    'an action held elsewhere in the scope',
    { repositories: ['shared/x'] },
    /may not do registry:pull in all of shared\/x/,
  ],
  ['the right to manage policy', { actions: ['policy:manage'] }, /policy:manage cannot be delegated/],
  ['the catalog', { actions: ['registry:pull', 'registry:catalog'] }, /registry:catalog cannot be delegated/],
  ['an allow for guests', { roles: [], accountTypes: ['anonymous'] }, /only admins open repositories to guests/],
];

test.each(writes)('a delegate writes %s', (_, fields, problem) => {
  const found = delegatedChangeProblem(lead, { after: own(fields) }, held);
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(problem);
});

test('a rule is never about its author, and a deny never about admins', () => {
  expect(own({})).toMatchObject({ exceptRoles: [], exceptSubjects: ['ann'] });
  expect(own({ effect: 'deny', exceptRoles: ['ops'], exceptSubjects: ['bob'] })).toMatchObject({
    exceptRoles: ['ops', 'admin'],
    exceptSubjects: ['bob', 'ann'],
  });
  const once = asDelegated(own({ effect: 'deny' }), 'ANN');
  expect(once).toMatchObject({ exceptRoles: ['admin'], exceptSubjects: ['ann'] });
});

describe('a delegate changes', () => {
  const change = (before: Partial<PolicyRule>) =>
    delegatedChangeProblem(lead, { before: rule({ repositories: ['team-x/**'], ...before }) }, held);

  test('no rule of an admin, though it lies within the scope', () => {
    expect(change({})).toMatch(/an admin has written/);
    expect(change({ effect: 'deny', delegated: false })).toMatch(/an admin has written/);
  });

  test('no deny of another delegate that is about them, however they are named', () => {
    const isDenied = /denies something to you/;
    for (const about of [{}, { roles: ['lead'] }, { subject: 'ANN' }, { accountTypes: ['human' as const] }])
      expect(change({ effect: 'deny', delegated: true, ...about })).toMatch(isDenied);
    expect(change({ effect: 'deny', delegated: true, exceptSubjects: ['ann'] })).toBeUndefined();
    expect(change({ effect: 'deny', delegated: true, roles: ['dev'] })).toBeUndefined();
  });
});

describe('what a delegate holds', () => {
  const isHeld = (pattern: string, ...rules: PolicyRule[]) =>
    engineOf(pullAndPush, ...rules).isHeldThroughout({ ...ann, action: 'registry:push' }, pattern);
  const deny = (fields: Partial<PolicyRule>) => rule({ id: 3, effect: 'deny', ...fields });

  test.each<readonly [string, boolean, Partial<PolicyRule>[]]>([
    ['team-x/**', true, []],
    ['team-x/a', true, []],
    ['team-y/a', false, []],
    ['**', false, []],
    ['team-x/**', false, [{ repositories: ['team-x/a/**'] }]],
    ['team-x/b', true, [{ repositories: ['team-x/a/**'] }]],
    ['team-x/a/b', false, [{ repositories: ['team-x/a/**'] }]],
    ['team-x/b', false, [{ repositories: ['**/b'] }]],
    ['team-x/b', false, [{ repositories: ['*/[c]'] }]],
    ['team-x/b', true, [{ repositories: ['*/c'] }]],
    ['team-x/ann', false, [{ repositories: ['team-x/{username}'] }]],
    ['team-x/bob', true, [{ repositories: ['team-x/{username}'] }]],
    ['team-x/b', false, [{}]],
    ['team-x/b', true, [{ roles: ['dev'] }]],
    ['team-x/b', true, [{ actions: ['registry:pull'] }]],
    ['team-x/b', true, [{ exceptSubjects: ['ann'] }]],
  ])('%s: %s with denies %j', (pattern, expected, denies) => {
    expect(isHeld(pattern, ...denies.map(deny))).toBe(expected);
  });

  test('is not what another delegate lets them do', () => {
    const passedOn = rule({ id: 4, subject: 'ann', actions: [], repositories: ['team-x/**'], delegated: true });
    const policy = engineOf(pullAndPush, passedOn);
    const input = { ...ann, action: 'registry:delete' } as const;
    expect(policy.evaluate({ ...input, repository: 'team-x/a' }).effect).toBe('allow');
    expect(policy.isHeldThroughout(input, 'team-x/a')).toBe(false);
  });
});

const places = ['team-x/a', 'team-x/a/b', 'team-x/b', 'team-y/a', 'shared/x', 'team-x'];
const callers: readonly Omit<PolicyInput, 'action' | 'repository'>[] = [
  ann,
  { ...ann, subject: 'bob', username: 'bob' },
  { subject: 'bot', username: 'bot', accountType: 'system', roles: ['ci'] },
  { subject: 'root', username: 'root', accountType: 'human', roles: ['admin', 'lead'] },
  { subject: '', username: 'anonymous', accountType: 'anonymous', roles: [] },
];
const patterns = [
  'team-x/**',
  'team-x/*',
  'team-x/a',
  'team-x/a/**',
  'shared/x',
  'team-y/*',
  '**',
  'team-x/{username}',
  '*/a',
];
const fields = fc.record({
  effect: fc.constantFrom('allow' as const, 'deny' as const),
  roles: fc.constantFrom<string[]>([], [], ['lead'], ['ci'], ['admin']),
  accountTypes: fc.constantFrom<PolicyRule['accountTypes']>([], [], [], ['human'], ['system'], ['anonymous']),
  subject: fc.constantFrom('', '', 'ann', 'bob', 'bot', 'root'),
  actions: fc.subarray([...repositoryActions]),
  exceptRoles: fc.constantFrom<string[]>([], [], ['lead'], ['admin']),
  exceptSubjects: fc.constantFrom<string[]>([], [], ['ann'], ['bob']),
});
const anyRule = fc
  .tuple(fields, fc.subarray(patterns, { maxLength: 2 }))
  .map(([all, repositories]) => rule({ ...all, repositories }));
const attempt = fc.record({
  at: fc.nat({ max: 9 }),
  kind: fc.constantFrom('create', 'create', 'update', 'delete'),
  rule: anyRule,
});
const given = fc.array(fc.tuple(anyRule, fc.boolean()), { maxLength: 5 });

/** Everything that each caller may do anywhere. */
function rightsOf(policy: PolicyEngine): ReadonlySet<string> {
  const all = callers.flatMap((caller) =>
    places.flatMap((repository) =>
      repositoryActions
        .filter((action) => policy.evaluate({ ...caller, action, repository }).effect === 'allow')
        .map((action) => `${caller.subject} ${action} ${repository}`),
    ),
  );
  return new Set(all);
}

describe('whatever a delegate tries, one after the other', () => {
  /** The rights before and after the attempts, of which those that are not permitted change nothing. */
  function play(
    before: readonly (readonly [PolicyRule, boolean])[],
    attempts: readonly { at: number; kind: string; rule: PolicyRule }[],
    policyDefault: 'open' | 'closed',
  ) {
    let rules: PolicyRule[] = before.map(([one, delegated], at) => ({ ...one, id: at + 1, delegated }));
    const policy = new PolicyEngine(policyDefault);
    policy.setRules(rules);
    const first = rightsOf(policy);
    const mayGive = new Set(
      places.flatMap((repository) =>
        repositoryActions
          .filter((action) => policy.isHeldThroughout({ ...ann, action }, repository))
          .map((action) => `${action} ${repository}`),
      ),
    );
    let changes = 0;
    for (const { at, kind, rule: asked } of attempts) {
      const target = kind === 'create' ? undefined : rules[at % Math.max(rules.length, 1)];
      if (kind !== 'create' && target === undefined) continue;
      const after =
        kind === 'delete'
          ? undefined
          : asDelegated({ ...asked, id: target?.id ?? 100 + changes, delegated: true }, 'ann');
      if (
        target !== undefined &&
        !target.repositories.every((one) =>
          ['team-x/**', 'team-x/*', 'team-x/a', 'team-x/a/**', 'shared/x'].includes(one),
        )
      )
        continue;
      if (target?.repositories.length === 0) continue;
      if (delegatedChangeProblem(lead, { before: target, after }, policy) !== undefined) continue;
      rules = [...rules.filter((one) => one !== target), ...(after === undefined ? [] : [after])];
      policy.setRules(rules);
      changes += 1;
    }
    return { first, last: rightsOf(policy), mayGive, changes };
  }

  test('they gain nothing, others gain only what they hold in the scope, admins lose nothing, and elsewhere nothing changes', () => {
    let changes = 0;
    fc.assert(
      fc.property(
        given,
        fc.array(attempt, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('open' as const, 'closed' as const),
        (rules, attempts, policyDefault) => {
          const played = play([[pullAndPush, false], ...rules], attempts, policyDefault);
          changes += played.changes;
          const { first, last, mayGive } = played;
          const denied = rules.filter(([one, delegated]) => delegated && one.effect === 'deny');
          for (const right of [...last].filter((one) => !first.has(one))) {
            const [who, ...what] = right.split(' ');
            expect(who).not.toBe('ann');
            expect(who).not.toBe('');
            // A deny of another delegate that is taken away leaves what admins have given.
            if (denied.length === 0) expect(mayGive).toContain(what.join(' '));
            expect(right).not.toMatch(/team-y|team-x$/);
          }
          for (const right of [...first].filter((one) => !last.has(one)))
            expect(right).not.toMatch(/^root|team-y|team-x$/);
        },
      ),
      { numRuns: 800 },
    );
    expect(changes).toBeGreaterThan(200);
  });
});
