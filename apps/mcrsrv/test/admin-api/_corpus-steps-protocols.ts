import type { JsonValue } from '@bufbuild/protobuf';
import { Health } from '@mcr/rpc/grpc/health/v1/health_pb';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { PolicyService } from '@mcr/rpc/mcr/v1/policy_pb';
import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { type CallMethod, type CallStep, nameOf } from './_corpus-protocols.ts';

type More = Pick<CallStep, 'capture' | 'settles'> & {
  /** Who may; others are tried, too. */
  readonly as?: string;
  /** Who may not, beside who has no token. */
  readonly denied?: readonly string[];
  /** What the method does not accept. */
  readonly invalid?: readonly JsonValue[];
};

/** A method with each kind of outcome: denials first, since after a success there may be nothing left to try it on. */
function callsOf(method: CallMethod, message: JsonValue, more: More = {}): CallStep[] {
  const { as = 'admin', denied = ['person', 'puller'], invalid = [], ...extras } = more;
  const title = nameOf(method);
  const strangers = as === 'none' ? [] : ['none', 'bad', ...denied];
  return [
    ...strangers.map((who) => ({ name: `${title} by ${who}`, as: who, method, message })),
    ...invalid.map((it) => ({ name: `${title} with ${JSON.stringify(it)}`, as, method, message: it })),
    { name: `${title} by ${as}`, as, method, message, ...extras },
  ];
}

const { method: auth } = AuthService;
const { method: policy } = PolicyService;
const { method: admin } = AdminService;
const { method: registry } = RegistryService;
const { method: audit } = AuditService;
const app = { repository: 'team/app' };
const none = `sha256:${'0'.repeat(64)}`;
const unreadable = [{ pageSize: -1 }, { pageToken: '!' }];
const credentials = { username: 'person', password: '{{password}}' };
const anonymous: readonly string[] = [];
const rule = { priority: 4, effect: 'deny', roles: ['x'], actions: ['registry:push'], repositories: ['a/*'] };
const readDenied = ['robot'];

/** Every RPC: who may not, what is invalid, and a success. */
export const protocolSteps: readonly CallStep[] = [
  ...callsOf(admin.health, {}, { as: 'none' }),
  ...callsOf(Health.method.check, { service: '' }, { as: 'none', invalid: [{ service: 'unknown' }] }),
  ...callsOf(Health.method.list, {}, { as: 'none' }),
  ...callsOf(Health.method.watch, { service: '' }, { as: 'none', invalid: [{ service: 'unknown' }] }),
  ...callsOf(auth.login, credentials, {
    as: 'none',
    invalid: [{}, { username: 'person', password: '{{repeat:x:5000}}' }],
    capture: { token: 'token' },
  }),
  ...callsOf(auth.whoAmI, {}, { as: '{{token}}', denied: anonymous }),
  ...callsOf(auth.listPermissions, app, { as: 'puller', denied: anonymous, invalid: [{ repository: 'Team' }] }),
  ...callsOf(auth.logout, {}, { as: '{{token}}', denied: anonymous }),
  { name: 'a token that has logged out', as: '{{token}}', method: auth.whoAmI, message: {} },
  ...callsOf(
    auth.changePassword,
    { currentPassword: '{{password}}', newPassword: 'long enough' },
    {
      as: 'robot',
      denied: anonymous,
      invalid: [
        { currentPassword: '{{password}}', newPassword: 'short' },
        { currentPassword: '{{repeat:x:5000}}', newPassword: 'long enough' },
      ],
      capture: { robot: 'token' },
    },
  ),

  ...callsOf(admin.getStatistics, {}),
  ...callsOf(admin.getStorageUsage, {}),
  ...callsOf(admin.listAccounts, { pageSize: 2 }, { invalid: unreadable, capture: { accounts: 'nextPageToken' } }),
  {
    name: 'the next page of accounts',
    as: 'admin',
    method: admin.listAccounts,
    message: { pageToken: '{{accounts}}' },
  },
  ...callsOf(
    admin.createAccount,
    { username: 'new', accountType: 'system', roles: ['ci'], password: '{{password}}' },
    { invalid: [{ username: 'New' }, { username: 'new', password: 'short' }], capture: { new: 'account.id' } },
  ),
  {
    name: 'an account that is there',
    as: 'admin',
    method: admin.createAccount,
    message: { username: 'new', password: '{{password}}' },
  },
  ...callsOf(
    admin.updateAccount,
    { id: '{{new}}', roles: { values: ['b', 'a'] } },
    { invalid: [{ id: '' }, { id: '{{new}}', roles: { values: ['B'] } }] },
  ),
  {
    name: 'an account without its roles',
    as: 'admin',
    method: admin.updateAccount,
    message: { id: '{{new}}', roles: {}, enabled: false },
  },
  ...callsOf(admin.deleteAccount, { id: '{{new}}' }, { invalid: [{}, { id: '{{admin}}' }] }),

  ...callsOf(policy.listPolicyRules, { pageSize: 3 }, { invalid: unreadable, capture: { rules: 'nextPageToken' } }),
  { name: 'the next page of rules', as: 'admin', method: policy.listPolicyRules, message: { pageToken: '{{rules}}' } },
  ...callsOf(policy.getPolicyRule, { id: '1' }, { invalid: [{}, { id: '-1' }, { id: '99' }] }),
  ...callsOf(policy.createPolicyRule, rule, {
    invalid: [{}, { ...rule, effect: 'maybe' }],
    capture: { rule: 'rule.id' },
  }),
  ...callsOf(
    policy.updatePolicyRule,
    { id: '{{rule}}', roles: {}, subject: '{{robot}}' },
    { invalid: [{ id: '{{rule}}', priority: 0 }] },
  ),
  ...callsOf(
    policy.explainPolicy,
    { action: 'registry:pull', repository: 'other/app' },
    { denied: anonymous, invalid: [{}, { action: 'fly' }] },
  ),
  {
    name: 'what a puller may do',
    as: 'puller',
    method: policy.explainPolicy,
    message: { action: 'registry:pull', ...app },
  },
  {
    name: 'what another may do',
    as: 'puller',
    method: policy.explainPolicy,
    message: { action: 'registry:catalog', principal: { username: 'admin' } },
  },
  ...callsOf(policy.deletePolicyRule, { id: '{{rule}}' }, { invalid: [{}, { id: '99' }] }),

  ...callsOf(
    registry.listRepositories,
    { pageSize: 2, sort: 'size' },
    { denied: readDenied, invalid: [...unreadable, { sort: 'x' }], capture: { repositories: 'nextPageToken' } },
  ),
  {
    name: 'the next page of repositories',
    as: 'admin',
    method: registry.listRepositories,
    message: { pageToken: '{{repositories}}', sort: 'size' },
  },
  ...callsOf(
    registry.getRepository,
    { name: 'team/app' },
    { denied: readDenied, invalid: [{}, { name: 'Team' }, { name: 'unknown' }] },
  ),
  ...callsOf(
    registry.getRepositoryUsage,
    { name: 'team/app' },
    { denied: readDenied, invalid: [{}, { name: 'unknown' }] },
  ),
  ...callsOf(
    registry.listTags,
    { ...app, details: true },
    { denied: readDenied, invalid: [{}, { ...app, sort: 'x' }, { ...app, pageSize: -1 }] },
  ),
  ...callsOf(registry.listManifests, app, { denied: readDenied, invalid: [{}, { ...app, pageToken: '!' }] }),
  ...callsOf(
    registry.getManifest,
    { ...app, reference: 'multi' },
    { denied: readDenied, invalid: [app, { ...app, reference: 'unknown' }] },
  ),
  ...callsOf(
    registry.inspectManifest,
    { ...app, reference: '{{one}}' },
    { denied: readDenied, invalid: [app, { ...app, reference: none }] },
  ),
  ...callsOf(
    registry.planTagDeletion,
    { ...app, tags: ['multi'] },
    { invalid: [app, { ...app, tags: ['unknown'] }], capture: { plan: 'plan.id' } },
  ),
  ...callsOf(
    registry.deleteTags,
    { ...app, tags: ['multi'], planId: '{{plan}}' },
    { invalid: [app, { ...app, tags: ['latest'], planId: '{{plan}}' }] },
  ),
  ...callsOf(registry.deleteTag, { ...app, tag: 'latest' }, { invalid: [app, { ...app, tag: 'unknown' }] }),
  ...callsOf(registry.deleteManifest, { ...app, digest: '{{one}}' }, { invalid: [app, { ...app, digest: none }] }),
  ...callsOf(registry.deleteRepository, { name: 'solo' }, { invalid: [{}, { name: 'unknown' }], settles: true }),
  ...callsOf(registry.garbageCollect, { reconcile: true }, { settles: true }),
  ...callsOf(registry.getGCStatus, {}),
  ...callsOf(registry.listGCRuns, {}, { invalid: unreadable }),

  ...callsOf(admin.snapshot, {}),
  ...callsOf(admin.listSnapshots, {}, { invalid: unreadable }),
  ...callsOf(audit.listAuditEvents, { pageSize: 40 }, { invalid: [...unreadable, { eventType: 'x' }, { actor: 'x' }] }),
  ...callsOf(audit.getActivity, { days: 2 }, { invalid: [{ days: 367 }, { days: -1 }] }),
];
