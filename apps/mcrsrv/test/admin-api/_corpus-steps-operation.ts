import { denials, fewOddBodies, fieldSteps, oddBodies, restPages, rpcPages } from './_corpus-odd.ts';
import { call, type Step, step } from './_corpus-step.ts';

const registry = 'mcr.v1.RegistryService';
const admin = 'mcr.v1.AdminService';
const hour = 3_600_000;
const settles = true;

/** Bodies that start a run when they are accepted. */
const settling = (steps: readonly Step[]): readonly Step[] => steps.map((it) => ({ ...it, settles }));

/** Garbage collection. */
export const gcSteps: readonly Step[] = [
  step('the status before the first run', 'GET /v1/gc/status'),
  call('the status by Connect before the first run', `${registry}/GetGCStatus`),
  step('runs before the first', 'GET /v1/gc/runs'),
  ...denials('GET /v1/gc/status'),
  ...denials('GET /v1/gc/runs'),
  ...denials('POST /v1/gc', '{}'),
  ...denials(`POST /${registry}/GetGCStatus`, '{}'),
  ...denials(`POST /${registry}/ListGCRuns`, '{}'),
  ...denials(`POST /${registry}/GarbageCollect`, '{}'),
  step('something to collect', 'DELETE /v1/repositories/solo', undefined, { settles }),
  step('something else to collect', 'DELETE /v1/repositories/other%2Fapp', undefined, { settles }),
  step('what waits for a run', 'GET /v1/gc/status'),
  call('what waits for a run by Connect', `${registry}/GetGCStatus`),
  step('a run before its time', 'POST /v1/gc', undefined, { settles, capture: { 'first run': 'id' } }),
  step('the status after it', 'GET /v1/gc/status'),
  step(
    'a run after its time',
    'POST /v1/gc',
    { reconcile: true },
    { settles, advance: 1_000 * hour, capture: { 'second run': 'id' } },
  ),
  step('the status after that', 'GET /v1/gc/status'),
  call('the status by Connect after that', `${registry}/GetGCStatus`),
  ...settling(fieldSteps('POST /v1/gc', () => ({ reconcile: 'false' }), { reconcile: 'boolean' })),
  ...settling(oddBodies('POST /v1/gc', () => ({ reconcile: 'false' }))),
  step('a run in a body that is too large', 'POST /v1/gc', '{"reconcile":"{{repeat:x:270000}}"}'),
  step('a run with a parameter twice', 'POST /v1/gc?a=1&a=1', {}),
  step('a run with a query', 'POST /v1/gc?reconcile=true', undefined, { settles }),
  call(
    'a run by Connect',
    `${registry}/GarbageCollect`,
    { reconcile: true },
    { settles, capture: { 'third run': 'run.id' } },
  ),
  ...settling(fieldSteps(`POST /${registry}/GarbageCollect`, () => ({ reconcile: 'false' }), { reconcile: 'boolean' })),
  ...settling(fewOddBodies(`POST /${registry}/GarbageCollect`, () => ({ reconcile: 'false' }))),
  ...fewOddBodies(`POST /${registry}/GetGCStatus`, () => ({})),
  step('a run that takes long', 'POST /v1/gc', { reconcile: true }, { holds: true, capture: { 'long run': 'id' } }),
  step('the status during it', 'GET /v1/gc/status'),
  call('the status by Connect during it', `${registry}/GetGCStatus`),
  step('another run during it', 'POST /v1/gc'),
  call('another run by Connect during it', `${registry}/GarbageCollect`),
  step('the runs during it', 'GET /v1/gc/runs?n=1'),
  step('the end of it', 'GET /v1/gc/status?end=1', undefined, { holds: false, settles }),
  step('the runs after it', 'GET /v1/gc/runs?n=1'),
  step('HEAD of the status', 'HEAD /v1/gc/status'),
  step('the status with a query', 'GET /v1/gc/status?surprise=1'),
  step('the status with a parameter twice', 'GET /v1/gc/status?a=1&a=1'),
  ...restPages('/v1/gc/runs', {
    cursor: 'before',
    good: '{{second run}}',
    bad: ['zzz', '', '%00', '{{repeat:x:64}}', '{{repeat:x:65}}'],
  }),
  step('runs after one', 'GET /v1/gc/runs?last={{second run}}'),
  ...rpcPages(`${registry}/ListGCRuns`),
  ...fewOddBodies(`POST /${registry}/ListGCRuns`, () => ({ pageSize: '1' })),
];

/** Copies of the database. */
export const snapshotSteps: readonly Step[] = [
  step('snapshots before the first', 'GET /v1/snapshots'),
  call('snapshots by Connect before the first', `${admin}/ListSnapshots`),
  ...denials('GET /v1/snapshots'),
  ...denials('POST /v1/snapshots', '{}'),
  ...denials(`POST /${admin}/ListSnapshots`, '{}'),
  ...denials(`POST /${admin}/Snapshot`, '{}'),
  step('a snapshot', 'POST /v1/snapshots', undefined, { capture: { first: 'name' } }),
  step('a snapshot with a body', 'POST /v1/snapshots?surprise=1', '{'),
  step('a snapshot with a parameter twice', 'POST /v1/snapshots?a=1&a=1'),
  call('a snapshot by Connect', `${admin}/Snapshot`),
  call('a snapshot by Connect with an unknown field', `${admin}/Snapshot`, '{"name":"x"}'),
  call('a snapshot by Connect of null', `${admin}/Snapshot`, 'null'),
  step('HEAD of snapshots', 'HEAD /v1/snapshots?n=1'),
  ...restPages('/v1/snapshots', { good: '{{first}}' }),
  ...rpcPages(`${admin}/ListSnapshots`),
  ...fewOddBodies(`POST /${admin}/ListSnapshots`, () => ({ pageSize: '1' })),
];

/** What a stranger, and what a monitor asks for. */
export const statisticSteps: readonly Step[] = [
  ...['/v1/health', '/v1/ready'].flatMap((path) => [
    ...['none', 'bad', 'person', 'admin'].map((as) => step(`${path} for ${as}`, `GET ${path}`, undefined, { as })),
    step(`HEAD of ${path}`, `HEAD ${path}`, undefined, { as: 'none' }),
    step(`${path} with a query`, `GET ${path}?surprise=1`, undefined, { as: 'none' }),
    step(`${path} with a parameter twice`, `GET ${path}?a=1&a=1`, undefined, { as: 'none' }),
    step(`${path} with a body`, `GET ${path}`, '{', { as: 'none' }),
  ]),
  ...['none', 'bad', 'person'].map((as) => call(`health by Connect for ${as}`, `${admin}/Health`, {}, { as })),
  ...fewOddBodies(`POST /${admin}/Health`, () => ({}), { as: 'none' }),
  ...['', 'mcr.v1.AdminService', 'grpc.health.v1.Health', 'unknown'].map((service) =>
    call(`health of "${service}"`, 'grpc.health.v1.Health/Check', { service }, { as: 'none' }),
  ),
  ...fieldSteps('POST /grpc.health.v1.Health/Check', () => ({ service: '""' }), { service: 'text' }, { as: 'none' }),
  ...fewOddBodies('POST /grpc.health.v1.Health/Check', () => ({ service: '""' }), { as: 'none' }),
  call('health of all', 'grpc.health.v1.Health/List', {}, { as: 'none' }),
  call('a stream as if it were none', 'grpc.health.v1.Health/Watch', {}, { as: 'none' }),
  step('statistics', 'GET /v1/statistics'),
  step('HEAD of statistics', 'HEAD /v1/statistics'),
  step('statistics with a query', 'GET /v1/statistics?surprise=1'),
  step('statistics with a parameter twice', 'GET /v1/statistics?a=1&a=1'),
  ...denials('GET /v1/statistics'),
  ...['GetStatistics', 'GetStorageUsage'].flatMap((name) => [
    call(name, `${admin}/${name}`),
    ...denials(`POST /${admin}/${name}`, '{}'),
    ...fewOddBodies(`POST /${admin}/${name}`, () => ({})),
  ]),
  step('the description', 'GET /v1/openapi.json', undefined, { outline: true }),
  step('the description for a puller', 'GET /v1/openapi.json', undefined, { as: 'puller', outline: true }),
  ...denials('GET /v1/openapi.json', undefined, ['none', 'bad']),
];
