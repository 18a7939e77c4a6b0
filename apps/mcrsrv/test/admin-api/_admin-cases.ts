import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { expect } from 'vitest';
import { rpcCall } from '../_util/outcomes.ts';
import { testPassword } from '../_util/server.ts';
import { type Case, items, wrapped } from './_cases.ts';

const { method } = AdminService;
const login = (username: string, password: string): Pick<Case, 'as' | 'rest' | 'rpc'> => ({
  as: 'nobody',
  rest: ['POST', '/v1/auth/login', { username, password }],
  rpc: rpcCall(AuthService.method.login, { username, password }),
});
const create = (fields: object): Pick<Case, 'rest' | 'rpc' | 'rpcView'> => {
  const { account_type: accountType, ...rest } = fields as { account_type: string };
  const call = rpcCall(method.createAccount, { ...rest, accountType });
  return { rest: ['POST', '/v1/accounts', fields], rpc: call, ...wrapped('account') };
};
const ada = { username: 'ada', account_type: 'system', roles: ['dev'], password: testPassword };
const update = (fields: { enabled?: boolean; roles?: string[]; password?: string }): Pick<Case, 'rest' | 'rpc'> => ({
  rest: ({ id }) => ['PATCH', `/v1/accounts/${id('machine')}`, fields],
  rpc: ({ id }) => {
    const { roles, ...rest } = fields;
    return rpcCall(method.updateAccount, { id: id('machine'), ...rest, ...(roles && { roles: { values: roles } }) });
  },
});

/** Health, logins, accounts, the audit log, and what else an operator needs. */
export const adminCases: readonly Case[] = [
  {
    name: 'ask for health as nobody',
    as: 'nobody',
    rest: ['GET', '/v1/health'],
    rpc: rpcCall(method.health, {}),
    rpcView: ({ status, version }) => ({ status, version }),
    data: { status: 'ok' },
  },
  {
    name: 'log in',
    ...login('person', testPassword),
    rpcView: ({ token, expires_at }) => ({ token, expires_at }),
    data: { token: 'TOKEN' },
  },
  {
    name: 'ask whether the parts work',
    as: 'nobody',
    rest: ['GET', '/v1/ready'],
    rpc: rpcCall(method.ready, {}),
    data: { status: 'ready', checks: { database: 'ok', storage: 'ok' } },
  },
  {
    name: 'ask what one may do',
    as: 'person',
    rest: ['GET', '/v1/auth/permissions?repository=team/app'],
    rpc: rpcCall(AuthService.method.listPermissions, { repository: 'team/app' }),
    data: {
      permissions: expect.arrayContaining([expect.objectContaining({ action: 'registry:pull', allowed: true })]),
    },
  },
  {
    name: 'ask what happened in a day',
    rest: ['GET', '/v1/audit/activity?days=1'],
    rpc: rpcCall(AuditService.method.getActivity, { days: 1 }),
    data: { days: [{ start: expect.any(String) }] },
  },
  {
    name: 'ask what happened in too many days',
    rest: ['GET', '/v1/audit/activity?days=367'],
    rpc: rpcCall(AuditService.method.getActivity, { days: 367 }),
    refused: 'invalid',
  },
  {
    name: 'ask what all repositories would take',
    rest: ['GET', '/v1/statistics/storage'],
    rpc: rpcCall(method.getStorageUsage, {}),
    data: { referenced_bytes: expect.anything() },
  },
  { name: 'log in with a wrong password', ...login('person', 'wrong'), refused: 'unauthenticated' },
  { name: 'log in as an unknown account', ...login('who', testPassword), refused: 'unauthenticated' },
  { name: 'log in without anything', ...login('', ''), refused: 'unauthenticated' },
  {
    name: 'ask who one is',
    as: 'machine',
    rest: ['GET', '/v1/auth/whoami'],
    rpc: rpcCall(AuthService.method.whoAmI, {}),
    rpcView: ({ principal, expires_at }) => ({ ...principal, expires_at }),
    data: { username: 'machine', account_type: 'system', roles: [] },
  },
  {
    name: 'ask who one is as nobody',
    as: 'nobody',
    rest: ['GET', '/v1/auth/whoami'],
    rpc: rpcCall(AuthService.method.whoAmI, {}),
    refused: 'unauthenticated',
  },
  { name: 'create an account', ...create(ada), data: { username: 'ada', roles: ['dev'], enabled: true } },
  { name: 'create an account again', ...create(ada), refused: 'conflict' },
  { name: 'create an account with a bad name', ...create({ ...ada, username: 'A' }), refused: 'invalid' },
  {
    name: 'create an account with a short password',
    ...create({ ...ada, username: 'b', password: 'x' }),
    refused: 'invalid',
  },
  {
    name: 'create an account of an unknown type',
    ...create({ ...ada, username: 'b', account_type: 'x' }),
    refused: 'invalid',
  },
  { name: 'create an account with a bad role', ...create({ ...ada, username: 'b', roles: ['!'] }), refused: 'invalid' },
  { name: 'create an account as somebody', as: 'person', ...create({ ...ada, username: 'b' }), refused: 'denied' },
  {
    name: 'list accounts',
    rest: ['GET', '/v1/accounts'],
    rpc: rpcCall(method.listAccounts, {}),
    ...items('accounts'),
    data: [{ username: 'ada' }, { username: 'admin' }, { username: 'machine' }, { username: 'person' }],
  },
  {
    name: 'list accounts after a name',
    rest: ['GET', '/v1/accounts?n=2&last=admin'],
    rpc: rpcCall(method.listAccounts, { pageSize: 2, pageToken: Buffer.from('admin').toString('base64url') }),
    ...items('accounts'),
    data: [{ username: 'machine' }, { username: 'person' }],
  },
  {
    name: 'list accounts as somebody',
    as: 'person',
    rest: ['GET', '/v1/accounts'],
    rpc: rpcCall(method.listAccounts, {}),
    refused: 'denied',
  },
  {
    name: 'change the roles of an account',
    ...update({ roles: ['ci', 'cd'] }),
    ...wrapped('account'),
    data: { username: 'machine', roles: ['ci', 'cd'], enabled: true },
  },
  { name: 'take the roles of an account', ...update({ roles: [] }), ...wrapped('account'), data: { roles: [] } },
  { name: 'change nothing of an account', ...update({}), ...wrapped('account'), data: { enabled: true } },
  { name: 'give an account a short password', ...update({ password: 'x' }), refused: 'invalid' },
  { name: 'change an account as somebody', as: 'person', ...update({ roles: ['admin'] }), refused: 'denied' },
  {
    name: 'change an account that is not there',
    rest: ['PATCH', '/v1/accounts/who', { enabled: true }],
    rpc: rpcCall(method.updateAccount, { id: 'who', enabled: true }),
    refused: 'missing',
  },
  { name: 'disable an account', ...update({ enabled: false }), ...wrapped('account'), data: { enabled: false } },
  {
    name: 'ask who one is with a disabled account',
    as: 'machine',
    rest: ['GET', '/v1/auth/whoami'],
    rpc: rpcCall(AuthService.method.whoAmI, {}),
    refused: 'unauthenticated',
  },
  {
    name: 'delete an account as somebody',
    as: 'person',
    rest: ({ id }) => ['DELETE', `/v1/accounts/${id('admin')}`],
    rpc: ({ id }) => rpcCall(method.deleteAccount, { id: id('admin') }),
    refused: 'denied',
  },
  {
    name: 'delete an account',
    rest: ({ id }) => ['DELETE', `/v1/accounts/${id('machine')}`],
    rpc: ({ id }) => rpcCall(method.deleteAccount, { id: id('machine') }),
    data: {},
  },
  {
    name: 'delete an account that is gone',
    rest: ({ id }) => ['DELETE', `/v1/accounts/${id('machine')}`],
    rpc: ({ id }) => rpcCall(method.deleteAccount, { id: id('machine') }),
    refused: 'missing',
  },
  {
    name: 'ask for statistics',
    rest: ['GET', '/v1/statistics'],
    rpc: rpcCall(method.getStatistics, {}),
    data: { repositories: 1, tags: 1, uploads: 0 },
  },
  {
    name: 'ask for statistics as somebody',
    as: 'person',
    rest: ['GET', '/v1/statistics'],
    rpc: rpcCall(method.getStatistics, {}),
    refused: 'denied',
  },
  {
    name: 'take a snapshot as somebody',
    as: 'person',
    rest: ['POST', '/v1/snapshots'],
    rpc: rpcCall(method.snapshot, {}),
    refused: 'denied',
  },
  {
    name: 'take a snapshot',
    rest: ['POST', '/v1/snapshots'],
    rpc: rpcCall(method.snapshot, {}),
    restView: ({ name }) => name,
    rpcView: ({ snapshot }) => snapshot.name,
  },
  {
    name: 'list snapshots',
    rest: ['GET', '/v1/snapshots'],
    rpc: rpcCall(method.listSnapshots, {}),
    restView: ({ snapshots }) => snapshots.map(({ name }: { name: string }) => name),
    rpcView: ({ snapshots }) => snapshots.map(({ name }: { name: string }) => name),
  },
  {
    name: 'list denials',
    rest: ['GET', '/v1/audit?event_type=policy_deny&n=3'],
    rpc: rpcCall(AuditService.method.listAuditEvents, { eventType: 'policy_deny', pageSize: 3 }),
    ...items('events'),
    data: [{ details: { action: 'create snapshot' } }, { details: { action: 'read statistics' } }, {}],
  },
  {
    name: 'list events of a repository',
    rest: ['GET', '/v1/audit?repository=team/tool&event_type=repo_deleted'],
    rpc: rpcCall(AuditService.method.listAuditEvents, { repository: 'team/tool', eventType: 'repo_deleted' }),
    ...items('events'),
    data: [{ event_type: 'repo_deleted', actor: { name: 'admin', ip: '127.0.0.1' } }],
  },
  {
    name: 'list events of nobody in a period',
    rest: ['GET', '/v1/audit?actor_id=who&since=2025-01-01T00:00:00Z&until=2027-01-01T00:00:00Z'],
    rpc: rpcCall(AuditService.method.listAuditEvents, {
      actorId: 'who',
      since: { seconds: 1_735_689_600n },
      until: { seconds: 1_798_761_600n },
    }),
    ...items('events'),
    data: [],
  },
  {
    name: 'list events of an unknown type',
    rest: ['GET', '/v1/audit?event_type=x'],
    rpc: rpcCall(AuditService.method.listAuditEvents, { eventType: 'x' }),
    refused: 'invalid',
  },
  {
    name: 'list events as somebody',
    as: 'person',
    rest: ['GET', '/v1/audit'],
    rpc: rpcCall(AuditService.method.listAuditEvents, {}),
    refused: 'denied',
  },
  {
    name: 'change the own password without the current one',
    as: 'person',
    rest: ['POST', '/v1/auth/password', { current_password: 'wrong', new_password: 'another password' }],
    rpc: rpcCall(AuthService.method.changePassword, { currentPassword: 'wrong', newPassword: 'another password' }),
    refused: 'invalid',
  },
  {
    name: 'log out',
    as: 'person',
    rest: ['POST', '/v1/auth/logout'],
    rpc: rpcCall(AuthService.method.logout, {}),
    data: {},
  },
  {
    name: 'log out again',
    as: 'person',
    rest: ['POST', '/v1/auth/logout'],
    rpc: rpcCall(AuthService.method.logout, {}),
    refused: 'unauthenticated',
  },
];
