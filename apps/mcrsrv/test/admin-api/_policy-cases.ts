import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { rpcCall } from '../_util/outcomes.ts';
import { type Case, items, wrapped } from './_cases.ts';

const { method } = PolicyService;
const path = '/v1/policy/rules';
const subject = '3f8e1d9e-1b0a-4c8e-9d55-0a5b6c7d8e9f';
const create = (fields: object): Pick<Case, 'rest' | 'rpc' | 'rpcView'> => {
  const { account_types: accountTypes, ...rest } = fields as { account_types?: string[] };
  const message = { ...rest, ...(accountTypes && { accountTypes }) };
  return { rest: ['POST', path, fields], rpc: rpcCall(method.createPolicyRule, message), ...wrapped('rule') };
};
const full = {
  priority: 7,
  description: 'Machines may pull',
  effect: 'deny',
  roles: ['ci', 'cd'],
  account_types: ['system'],
  subject,
  actions: ['registry:pull', 'registry:push'],
  repositories: ['team/*', 'x-?'],
};
const invalid: readonly (readonly [string, object])[] = [
  ['priority 0', { priority: 0 }],
  ['a negative priority', { priority: -5 }],
  ['an effect that is none', { effect: 'maybe' }],
  ['an unknown action', { actions: ['registry:burn'] }],
  ['an unknown type of account', { account_types: ['robot'] }],
  ['a subject that is no UUID', { subject: 'admin' }],
  ['a broken glob', { repositories: ['['] }],
  ['an empty role', { roles: [''] }],
  ['a long description', { description: 'x'.repeat(1_001) }],
  ['too many globs', { repositories: Array.from({ length: 101 }, () => 'a') }],
];

/** Rules, from none to one and back. */
export const policyCases: readonly Case[] = [
  { name: 'create a full rule', ...create(full), data: { ...full, id: 1, enabled: true } },
  {
    name: 'create the least rule',
    ...create({ priority: 9, effect: 'allow', enabled: false }),
    data: { id: 2, roles: [], actions: [], enabled: false, description: '' },
  },
  { name: 'create a rule with an empty subject', ...create({ priority: 8, effect: 'allow', subject: '' }) },
  ...invalid.map(
    ([name, fields]): Case => ({
      name: `create a rule with ${name}`,
      ...create({ priority: 1, effect: 'allow', ...fields }),
      refused: 'invalid',
    }),
  ),
  { name: 'create a rule as somebody', as: 'person', ...create(full), refused: 'denied' },
  {
    name: 'create a rule that is none as somebody',
    as: 'person',
    ...create({ priority: 0, effect: 'maybe' }),
    refused: 'denied',
  },
  {
    name: 'look at a rule that cannot be as somebody',
    as: 'person',
    rest: ['GET', `${path}/-1`],
    rpc: rpcCall(method.getPolicyRule, { id: -1n }),
    refused: 'denied',
  },
  {
    name: 'list rules',
    rest: ['GET', path],
    rpc: rpcCall(method.listPolicyRules, {}),
    ...items('rules'),
    data: [{ id: 1 }, { id: 3 }, { id: 2 }],
  },
  {
    name: 'list rules after one',
    rest: ['GET', `${path}?n=1&last=7+1`],
    rpc: rpcCall(method.listPolicyRules, { pageSize: 1, pageToken: 'NyAx' }),
    ...items('rules'),
    data: [{ id: 3 }],
  },
  {
    name: 'list rules after what is no place in the list',
    rest: ['GET', `${path}?last=99`],
    rpc: rpcCall(method.listPolicyRules, { pageToken: 'OTk' }),
    refused: 'invalid',
  },
  {
    name: 'look at a rule',
    rest: ['GET', `${path}/1`],
    rpc: rpcCall(method.getPolicyRule, { id: 1n }),
    ...wrapped('rule'),
    data: { id: 1, description: 'Machines may pull' },
  },
  {
    name: 'look at a rule that is not there',
    rest: ['GET', `${path}/99`],
    rpc: rpcCall(method.getPolicyRule, { id: 99n }),
    refused: 'missing',
  },
  {
    name: 'look at a built-in rule, which is not stored',
    rest: ['GET', `${path}/-1`],
    rpc: rpcCall(method.getPolicyRule, { id: -1n }),
    refused: 'invalid',
  },
  {
    name: 'change some of a rule',
    rest: ['PATCH', `${path}/1`, { priority: 6, repositories: [], enabled: false }],
    rpc: rpcCall(method.updatePolicyRule, { id: 1n, priority: 6, repositories: { values: [] }, enabled: false }),
    ...wrapped('rule'),
    data: { ...full, priority: 6, repositories: [], enabled: false },
  },
  {
    name: 'change nothing of a rule',
    rest: ['PATCH', `${path}/1`, {}],
    rpc: rpcCall(method.updatePolicyRule, { id: 1n }),
    ...wrapped('rule'),
    data: { roles: ['ci', 'cd'], subject: 'UUID' },
  },
  {
    name: 'take the subject from a rule',
    rest: ['PATCH', `${path}/1`, { subject: null }],
    rpc: rpcCall(method.updatePolicyRule, { id: 1n, subject: '' }),
    ...wrapped('rule'),
    data: { roles: ['ci', 'cd'] },
  },
  {
    name: 'change a rule into none',
    rest: ['PATCH', `${path}/1`, { roles: ['ci', ''] }],
    rpc: rpcCall(method.updatePolicyRule, { id: 1n, roles: { values: ['ci', ''] } }),
    refused: 'invalid',
  },
  {
    name: 'change a rule that is not there',
    rest: ['PATCH', `${path}/99`, { priority: 1 }],
    rpc: rpcCall(method.updatePolicyRule, { id: 99n, priority: 1 }),
    refused: 'missing',
  },
  {
    name: 'change a rule as somebody',
    as: 'person',
    rest: ['PATCH', `${path}/1`, { effect: 'allow' }],
    rpc: rpcCall(method.updatePolicyRule, { id: 1n, effect: 'allow' }),
    refused: 'denied',
  },
  {
    name: 'explain a decision about a named account',
    rest: ['POST', '/v1/policy/explain', { principal: { username: 'machine' }, action: 'registry:version_check' }],
    rpc: rpcCall(method.explainPolicy, { principal: { username: 'machine' }, action: 'registry:version_check' }),
    data: { effect: 'allow', rule: { id: -3 }, principal: { username: 'machine', account_type: 'system' } },
  },
  {
    name: 'explain a decision about a described account',
    rest: [
      'POST',
      '/v1/policy/explain',
      { principal: { id: subject, account_type: 'human', roles: ['admin'] }, action: 'policy:manage' },
    ],
    rpc: rpcCall(method.explainPolicy, {
      principal: { id: subject, accountType: 'human', roles: ['admin'] },
      action: 'policy:manage',
    }),
    data: { effect: 'allow', rule: { id: -1, enabled: true } },
  },
  {
    name: 'explain a decision about oneself',
    rest: ['POST', '/v1/policy/explain', { action: 'registry:pull', repository: 'team/app' }],
    rpc: rpcCall(method.explainPolicy, { action: 'registry:pull', repository: 'team/app' }),
    data: { effect: 'allow', principal: { username: 'admin' } },
  },
  {
    name: 'explain a decision about oneself as somebody',
    as: 'person',
    rest: ['POST', '/v1/policy/explain', { action: 'registry:pull', repository: 'team/app' }],
    rpc: rpcCall(method.explainPolicy, { action: 'registry:pull', repository: 'team/app' }),
    data: { effect: 'allow', principal: { username: 'person' } },
  },
  {
    name: 'explain an action that is none',
    rest: ['POST', '/v1/policy/explain', { action: 'registry:burn' }],
    rpc: rpcCall(method.explainPolicy, { action: 'registry:burn' }),
    refused: 'invalid',
  },
  {
    name: 'explain a decision about an unknown account',
    rest: ['POST', '/v1/policy/explain', { principal: { username: 'who' }, action: 'registry:pull' }],
    rpc: rpcCall(method.explainPolicy, { principal: { username: 'who' }, action: 'registry:pull' }),
    refused: 'missing',
  },
  {
    name: 'explain a decision about somebody as somebody else',
    as: 'person',
    rest: ['POST', '/v1/policy/explain', { principal: { username: 'admin' }, action: 'registry:pull' }],
    rpc: rpcCall(method.explainPolicy, { principal: { username: 'admin' }, action: 'registry:pull' }),
    refused: 'denied',
  },
  {
    name: 'delete a rule as somebody',
    as: 'person',
    rest: ['DELETE', `${path}/1`],
    rpc: rpcCall(method.deletePolicyRule, { id: 1n }),
    refused: 'denied',
  },
  { name: 'delete a rule', rest: ['DELETE', `${path}/1`], rpc: rpcCall(method.deletePolicyRule, { id: 1n }), data: {} },
  { name: 'delete another', rest: ['DELETE', `${path}/3`], rpc: rpcCall(method.deletePolicyRule, { id: 3n }) },
  {
    name: 'delete a rule that is gone',
    rest: ['DELETE', `${path}/1`],
    rpc: rpcCall(method.deletePolicyRule, { id: 1n }),
    refused: 'missing',
  },
];
