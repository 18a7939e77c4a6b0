import type { MessageInitShape } from '@bufbuild/protobuf';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { expect } from 'vitest';
import { rpcCall } from '../_util/outcomes.ts';
import type { Step } from '../admin-api/_step.ts';

const { method } = PolicyService;
const subject = '3f8e1d9e-1b0a-4c8e-9d55-0a5b6c7d8e9f';
type NewRule = MessageInitShape<typeof method.createPolicyRule.input>;
const create = (fields: NewRule): Pick<Step, 'call' | 'view'> => ({
  call: rpcCall(method.createPolicyRule, fields),
  view: ({ rule }) => rule,
});
const full = {
  priority: 7,
  description: 'Machines may pull',
  effect: 'deny',
  roles: ['ci', 'cd'],
  accountTypes: ['system'],
  subject,
  actions: ['registry:pull', 'registry:push'],
  repositories: ['team/*', 'x-?'],
};
/** The rule in JSON. */
const { accountTypes: account_types, ...others } = full;
const shown = { ...others, account_types };

/** Rules, from none to one and back. */
export const policySteps: readonly Step[] = [
  {
    name: 'ask what one may do',
    as: 'person',
    call: rpcCall(AuthService.method.listPermissions, { repository: 'team/app' }),
    data: {
      permissions: expect.arrayContaining([expect.objectContaining({ action: 'registry:pull', allowed: true })]),
    },
  },
  { name: 'create a full rule', ...create(full), data: { ...shown, id: 1, enabled: true } },
  {
    name: 'create the least rule',
    ...create({ priority: 9, effect: 'allow', enabled: false }),
    data: { id: 2, roles: [], actions: [], enabled: false, description: '' },
  },
  { name: 'create a rule with an empty subject', ...create({ priority: 8, effect: 'allow', subject: '' }) },
  { name: 'create a rule as a person', as: 'person', ...create(full), rejected: 'denied' },
  {
    name: 'create a rule that is none as a person',
    as: 'person',
    ...create({ priority: 0, effect: 'maybe' }),
    rejected: 'denied',
  },
  {
    name: 'look at a rule that cannot be as a person',
    as: 'person',
    call: rpcCall(method.getPolicyRule, { id: -1n }),
    rejected: 'denied',
  },
  {
    name: 'list rules',
    call: rpcCall(method.listPolicyRules, {}),
    data: { rules: [{ id: 1 }, { id: 3 }, { id: 2 }] },
  },
  {
    name: 'list rules after one',
    call: rpcCall(method.listPolicyRules, { pageSize: 1, pageToken: 'NyAx' }),
    data: { rules: [{ id: 3 }] },
  },
  {
    name: 'look at a rule',
    call: rpcCall(method.getPolicyRule, { id: 1n }),
    data: { rule: { id: 1, description: 'Machines may pull' } },
  },
  {
    name: 'change some of a rule',
    call: rpcCall(method.updatePolicyRule, { id: 1n, priority: 6, repositories: { values: [] }, enabled: false }),
    data: { rule: { ...shown, priority: 6, repositories: [], enabled: false } },
  },
  {
    name: 'change nothing of a rule',
    call: rpcCall(method.updatePolicyRule, { id: 1n }),
    data: { rule: { roles: ['ci', 'cd'], subject: 'UUID' } },
  },
  {
    name: 'take the subject from a rule',
    call: rpcCall(method.updatePolicyRule, { id: 1n, subject: '' }),
    data: { rule: { roles: ['ci', 'cd'] } },
  },
  {
    name: 'change a rule into none',
    call: rpcCall(method.updatePolicyRule, { id: 1n, roles: { values: ['ci', ''] } }),
    rejected: 'invalid',
  },
  {
    name: 'change a rule as a person',
    as: 'person',
    call: rpcCall(method.updatePolicyRule, { id: 1n, effect: 'allow' }),
    rejected: 'denied',
  },
  {
    name: 'explain a decision about a named account',
    call: rpcCall(method.explainPolicy, { principal: { username: 'machine' }, action: 'registry:version_check' }),
    data: { effect: 'allow', rule: { id: -3 }, principal: { username: 'machine', account_type: 'system' } },
  },
  {
    name: 'explain a decision about a described account',
    call: rpcCall(method.explainPolicy, {
      principal: { id: subject, accountType: 'human', roles: ['admin'] },
      action: 'policy:manage',
    }),
    data: { effect: 'allow', rule: { id: -1, enabled: true } },
  },
  {
    name: 'explain a decision about oneself',
    call: rpcCall(method.explainPolicy, { action: 'registry:pull', repository: 'team/app' }),
    data: { effect: 'allow', principal: { username: 'admin' } },
  },
  {
    name: 'explain a decision about oneself as a person',
    as: 'person',
    call: rpcCall(method.explainPolicy, { action: 'registry:pull', repository: 'team/app' }),
    data: { effect: 'allow', principal: { username: 'person' } },
  },
  {
    name: 'delete a rule as a person',
    as: 'person',
    call: rpcCall(method.deletePolicyRule, { id: 1n }),
    rejected: 'denied',
  },
  { name: 'delete a rule', call: rpcCall(method.deletePolicyRule, { id: 1n }), data: {} },
  { name: 'delete another', call: rpcCall(method.deletePolicyRule, { id: 3n }) },
  ...matchSteps(),
];

/** What patterns match, among repositories that an upload has made. */
function matchSteps(): readonly Step[] {
  const match = (pattern: string) => rpcCall(method.matchRepositories, { pattern });
  return [
    { name: 'match nothing', call: match('no/**'), data: { repositories: [] } },
    { name: 'match without a pattern', call: match(''), rejected: 'invalid' },
    { name: 'match what matches no name', call: match('A'), rejected: 'invalid' },
    { name: 'match as a person', as: 'person', call: match('**'), rejected: 'denied' },
  ];
}
