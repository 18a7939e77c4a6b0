import { create } from '@bufbuild/protobuf';
import { type Action, actions, guest, type PolicyDefault, type Principal, parseRepositoryName } from '@mcr/core';
import type { StoredPolicyRule } from '@mcr/db';
import { PrincipalSchema } from '@mcr/rpc/mcr/v1/common_pb';
import { ExplainPolicyRequestSchema } from '@mcr/rpc/mcr/v1/policy_pb';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCall } from '../../src/admin/call.ts';
import { explainPolicy } from '../../src/admin/policy/explain.ts';
import type { Caller } from '../../src/services/caller.ts';
import type { ServiceContext } from '../../src/services/context.ts';
import { authorize } from '../../src/services/policy/authorize.ts';
import { PolicySource } from '../../src/services/policy/source.ts';

const ids = { ann: '3f8e1d9e-1b0a-4c8e-9d55-0a5b6c7d8e9f', bot: '7c1d2f80-5b7e-4d0c-8a4e-2f1f3f0c9a11' };
const roles = ['admin', 'ci', 'ops'];
const patterns = ['prod/*', 'prod/**', '**', 'home/{username}/**', '**/app', 'prod/app'];

const principals: fc.Arbitrary<Principal> = fc.oneof(
  fc.constant(guest),
  fc.record({
    id: fc.constantFrom(...Object.values(ids)),
    username: fc.constantFrom('ann', 'bot', 'ann@example.com'),
    accountType: fc.constantFrom('human' as const, 'system' as const),
    roles: fc.subarray(roles),
  }),
);

const few = <T>(items: readonly T[]): fc.Arbitrary<T[]> => fc.oneof(fc.constant<T[]>([]), fc.subarray<T>([...items]));
const rules: fc.Arbitrary<StoredPolicyRule> = fc
  .record({
    priority: fc.integer({ min: 1, max: 3 }),
    effect: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
    roles: few(roles),
    accountTypes: few(['human', 'system', 'anonymous'] as const),
    subject: fc.option(fc.constantFrom(...Object.values(ids)), { freq: 1 }),
    actions: few(actions),
    repositories: few(patterns),
    exceptRoles: few(roles),
    exceptSubjects: few(Object.values(ids)),
    enabled: fc.constantFrom(true, true, false),
  })
  .map(({ subject, ...rule }) => ({
    ...rule,
    ...(subject !== null && { subject }),
    id: 0,
    description: '',
    createdAt: 0,
    updatedAt: 0,
  }));

const requests = fc.record({
  action: fc.constantFrom<Action>(...actions),
  repository: fc.constantFrom(undefined, 'prod/app', 'prod/x/app', 'home/ann/app', 'home/anonymous/app', 'app'),
});

/** The verbs' collaborators, as far as policy needs them, with these rules stored. */
function servicesWith(stored: readonly StoredPolicyRule[], policyDefault: PolicyDefault) {
  const denials: unknown[] = [];
  const numbered = stored.map((rule, at) => ({ ...rule, id: at + 1 }));
  const source = {
    policy: { ruleSet: async () => ({ version: 1, rules: numbered }) },
    coordination: { versions: async () => ({ policy: 1, accounts: 1 }) },
  };
  const services = {
    policy: new PolicySource(source, policyDefault),
    audit: { record: async (event: unknown) => denials.push(event) },
    clock: { now: () => 0 },
    settings: { policyDefault, workloads: [], localAccounts: true },
    store: {
      accounts: { findByName: async () => undefined },
      identities: { findByName: async () => undefined },
    },
  };
  return { services: services as unknown as ServiceContext, denials };
}

const callerOf = (principal: Principal): Caller => ({ principal, ip: '', expiresAt: 0, requestId: 'r' });
const admin = callerOf({ id: ids.ann, username: 'root', accountType: 'human', roles: ['admin'] });

async function explain(services: ServiceContext, principal: Principal, action: string, repository: string | undefined) {
  const parts = {
    caller: admin,
    ip: '',
    token: undefined,
    signal: () => new AbortController().signal,
    page: undefined,
  };
  const asked = create(PrincipalSchema, { ...principal, roles: [...principal.roles] });
  const request = create(ExplainPolicyRequestSchema, { principal: asked, action, ...(repository && { repository }) });
  return await explainPolicy.run(services, createCall(parts), request);
}

test('what the gate does, explain says, for any rules, callers and repositories', async () => {
  let allowed = 0;
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(rules, { maxLength: 6 }),
      principals,
      fc.array(requests, { minLength: 1, maxLength: 6 }),
      fc.constantFrom<PolicyDefault>('open', 'closed'),
      async (stored, principal, asked, policyDefault) => {
        const { services, denials } = servicesWith(stored, policyDefault);
        for (const { action, repository } of asked) {
          denials.length = 0;
          const name = repository === undefined ? undefined : parseRepositoryName(repository);
          const passed = await authorize(services, callerOf(principal), action, name).then(
            () => true,
            () => false,
          );
          const explained = await explain(services, principal, action, repository);
          expect(explained.effect).toBe(passed ? 'allow' : 'deny');
          const rule = explained.ruleId === undefined ? 'default' : String(explained.ruleId);
          const details = { action, rule, request_id: 'r' };
          expect(denials).toMatchObject(passed ? [] : [{ type: 'policy_deny', details }]);
          if (passed || rule !== 'default') expect(explained.nearMisses).toEqual([]);
          runs += 1;
          allowed += passed ? 1 : 0;
        }
      },
    ),
    { numRuns: 400 },
  );
  // Both outcomes must be common, or the property would say little.
  expect(allowed / runs).toBeGreaterThan(0.1);
  expect(allowed / runs).toBeLessThan(0.9);
});

test('a near miss that is mended where it failed allows the request', async () => {
  let mendings = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(rules, { maxLength: 5 }),
      principals,
      requests,
      async (stored, principal, { action, repository }) => {
        const { services } = servicesWith(stored, 'closed');
        const { effect, nearMisses } = await explain(services, principal, action, repository);
        const [near] = nearMisses.filter(({ failed }) => !failed.includes('account_types'));
        if (effect === 'allow' || near === undefined) return;
        const wrong = stored[Number(near.rule?.id) - 1]!;
        const { subject: _, ...rest } = wrong;
        const open = { actions: [], roles: [], exceptRoles: [], exceptSubjects: [], repositories: [], enabled: true };
        const keys: Record<string, string> = { except_roles: 'exceptRoles', except_subjects: 'exceptSubjects' };
        const repaired = Object.entries(open).filter(([key]) =>
          near.failed.some((field) => (keys[field] ?? field) === key),
        );
        const base = near.failed.includes('subject') ? rest : wrong;
        const mended = { ...base, ...Object.fromEntries(repaired) };
        // Guests may do no more than pull and list, whatever a rule says.
        if (principal === guest && action !== 'registry:pull' && action !== 'registry:catalog') return;
        mendings += 1;
        const { services: after } = servicesWith(
          stored.map((rule) => (rule === wrong ? mended : rule)),
          'closed',
        );
        expect((await explain(after, principal, action, repository)).effect).toBe('allow');
      },
    ),
    { numRuns: 400 },
  );
  expect(mendings).toBeGreaterThan(10);
});
