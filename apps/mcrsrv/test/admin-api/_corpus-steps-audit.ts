import { denials, fewOddBodies, fieldSteps, objectOf, restPages, rpcPages } from './_corpus-odd.ts';
import { call, type Step, step } from './_corpus-step.ts';

const service = 'mcr.v1.AuditService';
const start = '2030-01-01T00:00:00Z';

/** So that there are events of the admin API, too. */
const events: readonly Step[] = [
  step('a denial', 'GET /v1/accounts', undefined, { as: 'puller' }),
  step(
    'a login that fails',
    'POST /v1/auth/login',
    { username: 'robot', password: '{{repeat:x:5000}}' },
    { as: 'none' },
  ),
  step(
    'a login of a long name that fails',
    'POST /v1/auth/login',
    { username: '{{repeat:n:300}}', password: 'x' },
    { as: 'none' },
  ),
  step(
    'a new rule',
    'POST /v1/policy/rules',
    { priority: 3, effect: 'deny', roles: ['x'] },
    { capture: { rule: 'id' } },
  ),
  step('a change of it', 'PATCH /v1/policy/rules/{{rule}}', { description: 'noted', subject: '{{robot}}' }),
  step('the end of it', 'DELETE /v1/policy/rules/{{rule}}'),
  step(
    'a new account',
    'POST /v1/accounts',
    { username: 'noted', password: '{{password}}' },
    { capture: { noted: 'id' } },
  ),
  step('a change of the account', 'PATCH /v1/accounts/{{noted}}', { roles: ['x'], enabled: false }),
  step('the end of the account', 'DELETE /v1/accounts/{{noted}}'),
  call(
    'a pull',
    'mcr.v1.RegistryService/GetManifest',
    { repository: 'team/app', reference: 'latest' },
    { as: 'person' },
  ),
  step('the end of a tag', 'DELETE /v1/repositories/team/app/tags/1.9.0'),
  step('the end of a manifest', 'DELETE /v1/repositories/team/manifests/manifests/{{sbom}}'),
  step('the end of a repository', 'DELETE /v1/repositories/solo', undefined, { settles: true }),
  step('a run', 'POST /v1/gc', undefined, { settles: true }),
  step('a snapshot', 'POST /v1/snapshots'),
];

const types = [
  'login',
  'policy_deny',
  'manifest_pushed',
  'blob_uploaded',
  'account_updated',
  'policy_rule_updated',
  'gc_completed',
  'LOGIN',
  'unknown',
  '',
];
const queries: readonly string[] = [
  ...types.map((type) => `event_type=${type}&n=3`),
  'actor=admin&n=2',
  'actor=noted',
  'actor=unknown',
  'actor=',
  'actor={{puller}}',
  'actor={{repeat:x:256}}',
  'actor={{repeat:x:257}}',
  'actor_id={{puller}}',
  'actor_id=x',
  'actor_id=',
  'actor_id={{repeat:x:129}}',
  'actor=puller&actor_id={{puller}}',
  'repository=team/app&n=2',
  'repository=team%2Fapp&n=2&event_type=tag_deleted',
  'repository=Team/App',
  'repository=',
  'repository={{repeat:x:257}}',
  `since=${start}&until=2030-01-01T00:00:05Z&n=3`,
  'since=2030-01-01T00:00:00%2B01:00&n=1',
  'since=2030-01-01T00:00:00.001Z&n=1',
  'since=2030-01-01T00:00:00.000000001Z&n=1',
  'since=2030-01-01&n=1',
  'since=2030-02-30T00:00:00Z',
  'since=2030-01-01T00:00:00',
  'since=1893456000',
  'since=',
  'until=tomorrow',
  'until=9999-12-31T23:59:59Z&n=1',
  'n=1&offset=0',
  'n=2&offset=2',
  'n=2&offset=100000',
  'n=2&offset=100001',
  'n=2&offset=-1',
  'n=2&offset=x',
  'n=2&offset=',
  'n=2&offset=1.5',
  'n=2&offset=2&before=8',
  'n=2&event_type=login_failed&offset=1',
  'last=5',
  'type=login',
];

const rest: readonly Step[] = [
  ...restPages('/v1/audit', {
    filter: 'event_type=policy_rule_created&',
    cursor: 'before',
    good: '5',
    bad: ['0', '-1', '', 'x', '1.5', '05', '999999999999999', '9999999999999999', '%00'],
  }),
  ...queries.map((query) => step(`events with ${query}`, `GET /v1/audit?${query}`)),
  step(
    'a page of some events',
    'GET /v1/audit?event_type=blob_uploaded&actor=admin&n=3&offset=1&surprise=a%20b',
    undefined,
    { capture: { next: 'link' } },
  ),
  step('the next page of some events', 'GET {{next}}'),
  ...denials('GET /v1/audit'),
];

const message = () => ({ pageSize: '2', eventType: '"blob_uploaded"', repository: '"team/app"' });
const times = [
  '"2030-01-01T00:00:05Z"',
  '"2030-01-01T01:00:05.123456789+01:00"',
  '"2030-01-01"',
  '"x"',
  '""',
  '5',
  '{}',
  '"0000-01-01T00:00:00Z"',
  '"9999-12-31T23:59:59Z"',
  '"2030-02-30T00:00:00Z"',
];
const rpc: readonly Step[] = [
  ...rpcPages(`${service}/ListAuditEvents`, { eventType: '"blob_uploaded"' }),
  ...denials(`POST /${service}/ListAuditEvents`, '{}'),
  ...types.map((eventType) =>
    call(`events by Connect of ${eventType}`, `${service}/ListAuditEvents`, { eventType, pageSize: 2 }),
  ),
  ...fieldSteps(`POST /${service}/ListAuditEvents`, message, {
    eventType: 'text',
    actorId: 'text',
    repository: 'text',
    actor: 'text',
  }),
  ...times.flatMap((time) =>
    ['since', 'until'].map((field) =>
      call(
        `events by Connect ${field} ${time}`,
        `${service}/ListAuditEvents`,
        objectOf({ pageSize: '1', [field]: time }),
      ),
    ),
  ),
  call('events by Connect of an account', `${service}/ListAuditEvents`, { actor: 'puller', pageSize: 2 }),
  call('events by Connect of an account by its id', `${service}/ListAuditEvents`, {
    actorId: '{{puller}}',
    pageSize: 2,
  }),
  call('events by Connect of an account by both', `${service}/ListAuditEvents`, {
    actor: 'puller',
    actorId: '{{puller}}',
  }),
  call('events by Connect of an unknown account', `${service}/ListAuditEvents`, { actor: 'unknown' }),
  ...fewOddBodies(`POST /${service}/ListAuditEvents`, () => ({ pageSize: '1', eventType: '"login_failed"' })),
  ...denials(`POST /${service}/GetActivity`, '{}'),
  ...['0', '1', '2', '"2"', '367', '-1', '1.5', '1e0', 'null', '"x"', 'true', '2147483648'].map((days) =>
    call(`activity of ${days} days`, `${service}/GetActivity`, `{"days":${days}}`),
  ),
  ...fewOddBodies(`POST /${service}/GetActivity`, () => ({ days: '1' })),
];

export const auditSteps: readonly Step[] = [...events, ...rest, ...rpc];
