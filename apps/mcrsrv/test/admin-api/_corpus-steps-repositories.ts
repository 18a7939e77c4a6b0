import { denials, fewOddBodies, fieldSteps, objectOf, restPages, rpcPages } from './_corpus-odd.ts';
import { call, type Step, step } from './_corpus-step.ts';

const service = 'mcr.v1.RegistryService';
const path = '/v1/repositories';

/** Names as targets: raw, with encoded slashes, and such as are no names. */
export const nameTargets = [
  'team/app',
  'team%2Fapp',
  'team%2fapp',
  'team/app%2Ftags',
  'team%2Fapp%2Ftags',
  'team/app/tags',
  'team/manifests',
  'team%2Fmanifests',
  'solo',
  'unknown',
  'Team/App',
  'team//app',
  'team%2F%2Fapp',
  'team/app/',
  'team/%2E%2E/app',
  '%20',
  'a%00b',
  '%FF',
  '%',
  '{{repeat:x:255}}',
  '{{repeat:x:256}}',
] as const;

/** Names as fields of a message. */
export const nameValues = ['Team/App', 'team//app', 'unknown', 'team/app/', '{{repeat:x:255}}', '{{repeat:x:256}}'];

const searches = [
  'search=app',
  'search=APP',
  'search=',
  'search=%25',
  'search=_',
  'search=zzz',
  'search={{repeat:x:300}}',
  'search=a&search=a',
];
const lists: readonly Step[] = [
  ...restPages(path, { good: 'solo' }),
  ...denials(`GET ${path}`),
  ...searches.map((query) => step(`repositories by ${query}`, `GET ${path}?${query}`)),
  step('a page of a search', `GET ${path}?search=a&n=2`, undefined, { capture: { next: 'link' } }),
  step('the next page of a search', 'GET {{next}}'),
  step('sorted repositories', `GET ${path}?sort=size`),
  ...nameTargets.flatMap((name) => [
    step(`the repository ${name}`, `GET ${path}/${name}`),
    step(`the repository ${name} for a puller`, `GET ${path}/${name}`, undefined, { as: 'puller' }),
  ]),
  ...['n=0', 'n=1', 'n=1001', 'n=x', 'last=1.9.0', 'n=1&n=1', 'surprise=1'].map((query) =>
    step(`a repository with ${query}`, `GET ${path}/team/app?${query}`),
  ),
  step('HEAD of a repository', `HEAD ${path}/team/app`),
  step('HEAD of an unknown repository', `HEAD ${path}/unknown`),
  ...denials(`GET ${path}/team/app`, undefined, ['none', 'bad', 'person', 'robot']),
  ...denials(`GET ${path}/unknown`, undefined, ['none', 'bad', 'puller', 'robot']),
];

const calls: readonly Step[] = [
  ...rpcPages(`${service}/ListRepositories`),
  ...denials(`POST /${service}/ListRepositories`, '{}'),
  ...fieldSteps(`POST /${service}/ListRepositories`, () => ({ search: '"app"', sort: '"name"' }), {
    search: 'text',
    sort: 'text',
  }),
  ...['name', 'size', 'last_push', 'NAME'].map((sort) =>
    call(`repositories by Connect sorted by ${sort}`, `${service}/ListRepositories`, { sort, pageSize: 2 }),
  ),
  call(
    'a page of repositories by size',
    `${service}/ListRepositories`,
    { sort: 'size', pageSize: 2 },
    { capture: { size: 'nextPageToken' } },
  ),
  call('the next page of repositories by size', `${service}/ListRepositories`, {
    sort: 'size',
    pageSize: 2,
    pageToken: '{{size}}',
  }),
  call('the next page of repositories in another order', `${service}/ListRepositories`, {
    sort: 'last_push',
    pageSize: 2,
    pageToken: '{{size}}',
  }),
  call('the next page of repositories by another search', `${service}/ListRepositories`, {
    sort: 'size',
    search: 'team',
    pageToken: '{{size}}',
  }),
  ...fewOddBodies(`POST /${service}/ListRepositories`, () => ({ pageSize: '1' })),
  ...['GetRepository', 'GetRepositoryUsage'].flatMap((name) => [
    ...['team/app', 'team/app/tags', 'solo', ...nameValues].map((it) =>
      call(`${name} of ${it}`, `${service}/${name}`, { name: it }),
    ),
    call(`${name} for a puller`, `${service}/${name}`, { name: 'team/app' }, { as: 'puller' }),
    call(`${name} for a puller elsewhere`, `${service}/${name}`, { name: 'other/app' }, { as: 'puller' }),
    ...denials(`POST /${service}/${name}`, '{"name":"other/app"}', ['none', 'bad', 'person', 'robot']),
    ...fieldSteps(`POST /${service}/${name}`, () => ({ name: '"solo"' }), { name: 'text' }),
    ...fewOddBodies(`POST /${service}/${name}`, () => ({ name: '"solo"' })),
  ]),
];

const deletes: readonly Step[] = [
  ...denials(`DELETE ${path}/solo`),
  ...denials(`POST /${service}/DeleteRepository`, '{"name":"solo"}'),
  ...['unknown', 'Team/App', 'team%2F%2Fapp', 'team/unknown/tags', '%20'].map((name) =>
    step(`deletes the repository ${name}`, `DELETE ${path}/${name}`),
  ),
  step('deletes a repository with a parameter twice', `DELETE ${path}/solo?a=1&a=1`),
  step('deletes a repository with a raw name that ends in /tags', `DELETE ${path}/team/app/tags`, undefined, {
    settles: true,
  }),
  step('deletes a repository with an encoded name', `DELETE ${path}/team%2Fmanifests`, undefined, { settles: true }),
  step('deletes it again', `DELETE ${path}/team%2Fmanifests`),
  step('deletes a repository with a body', `DELETE ${path}/solo?surprise=1`, '{', { settles: true }),
  ...fieldSteps(`POST /${service}/DeleteRepository`, () => ({ name: '"unknown"' }), { name: 'text' }),
  ...fewOddBodies(`POST /${service}/DeleteRepository`, () => ({ name: '"unknown"' })),
  ...nameValues.map((name) => call(`deletes ${name} by Connect`, `${service}/DeleteRepository`, { name })),
  call('deletes a repository by Connect', `${service}/DeleteRepository`, { name: 'other/app' }, { settles: true }),
  call('deletes a repository by Connect again', `${service}/DeleteRepository`, { name: 'other/app' }),
  step('what is left', `GET ${path}`),
  call('what the one that is left takes alone', `${service}/GetRepositoryUsage`, objectOf({ name: '"team/app"' })),
];

export const repositorySteps: readonly Step[] = [...lists, ...calls, ...deletes];
