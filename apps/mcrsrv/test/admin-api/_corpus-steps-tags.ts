import {
  denials,
  type Fields,
  fewOddBodies,
  fieldSteps,
  objectOf,
  oddBodies,
  restPages,
  rpcPages,
} from './_corpus-odd.ts';
import { call, type Step, step } from './_corpus-step.ts';
import { nameTargets, nameValues } from './_corpus-steps-repositories.ts';

const service = 'mcr.v1.RegistryService';
const path = '/v1/repositories';
const tags = `${path}/team/app/tags`;

const lists: readonly Step[] = [
  ...restPages(tags, { good: '1.9.0' }),
  ...restPages(`${path}/team%2Fapp/tags`, { good: '1.9.0' }).slice(0, 5),
  ...[
    'sort=name',
    'sort=version',
    'sort=version&n=1',
    'sort=updated',
    'sort=',
    'sort=NAME',
    'sort=name&sort=name',
    'search=1',
    'details=true',
  ].map((query) => step(`tags by ${query}`, `GET ${tags}?${query}`)),
  step('a page of tags by version', `GET ${tags}?sort=version&n=2`, undefined, { capture: { next: 'link' } }),
  step('the next page of tags by version', 'GET {{next}}'),
  step('tags by version after one that is none', `GET ${tags}?sort=version&last=%00`),
  ...nameTargets.map((name) => step(`tags of ${name}`, `GET ${path}/${name}/tags`)),
  ...denials(`GET ${tags}`, undefined, ['none', 'bad', 'person', 'puller', 'robot']),
  ...denials(`GET ${path}/other/app/tags`, undefined, ['puller', 'robot']),
];

const calls: readonly Step[] = [
  ...rpcPages(`${service}/ListTags`, { repository: '"team/app"' }),
  ...denials(`POST /${service}/ListTags`, '{"repository":"other/app"}'),
  ...['name', 'version', 'updated', 'size'].flatMap((sort) => [
    call(
      `tags by Connect sorted by ${sort}`,
      `${service}/ListTags`,
      { repository: 'team/app', sort, pageSize: 2 },
      sort === 'size' ? {} : { capture: { [sort]: 'nextPageToken' } },
    ),
    ...(sort === 'size'
      ? []
      : [
          call(`the next page by ${sort}`, `${service}/ListTags`, {
            repository: 'team/app',
            sort,
            pageToken: `{{${sort}}}`,
          }),
        ]),
  ]),
  call('tags with details', `${service}/ListTags`, { repository: 'team/app', details: true }),
  call('tags with details of artifacts', `${service}/ListTags`, { repository: 'team/manifests', details: true }),
  call('tags by a search', `${service}/ListTags`, {
    repository: 'team/app',
    search: 'LA',
    sort: 'version',
    pageSize: 1,
  }),
  ...fieldSteps(
    `POST /${service}/ListTags`,
    () => ({ repository: '"team/app"', search: '"1"', sort: '"name"', details: 'false' }),
    {
      repository: 'text',
      search: 'text',
      sort: 'text',
      details: 'boolean',
    },
  ),
  ...nameValues.map((repository) => call(`tags by Connect of ${repository}`, `${service}/ListTags`, { repository })),
  ...oddBodies(`POST /${service}/ListTags`, () => ({ repository: '"team/app"', pageSize: '1' })),
];

const planned = (): Fields => ({ repository: '"team/app"', tags: '["multi","latest"]', keepManifests: 'false' });
const selections = [
  '["latest"]',
  '["1.10.0","latest","multi"]',
  '["multi","multi"]',
  '["unknown"]',
  '["!"]',
  '[]',
  '["{{repeat:x:128}}"]',
  '["{{repeat:x:129}}"]',
  JSON.stringify(Array.from({ length: 1_001 }, (_, at) => `t${at}`)),
];

const plans: readonly Step[] = [
  ...denials(`POST /${service}/PlanTagDeletion`, objectOf(planned())),
  call('a plan', `${service}/PlanTagDeletion`, objectOf(planned()), { capture: { plan: 'plan.id' } }),
  call('a plan that keeps manifests', `${service}/PlanTagDeletion`, objectOf({ ...planned(), keepManifests: 'true' })),
  ...selections.map((it) =>
    call(
      `a plan for ${it.slice(0, 40)}, ${it.length}`,
      `${service}/PlanTagDeletion`,
      objectOf({ ...planned(), tags: it }),
    ),
  ),
  ...nameValues.map((it) =>
    call(`a plan in ${it}`, `${service}/PlanTagDeletion`, objectOf({ ...planned(), repository: `"${it}"` })),
  ),
  ...fieldSteps(`POST /${service}/PlanTagDeletion`, planned, {
    repository: 'text',
    tags: 'list',
    keepManifests: 'boolean',
  }),
  ...fewOddBodies(`POST /${service}/PlanTagDeletion`, planned),
  ...denials(`POST /${service}/DeleteTags`, objectOf({ ...planned(), planId: '"{{plan}}"' })),
  ...fieldSteps(`POST /${service}/DeleteTags`, () => ({ ...planned(), planId: '"another"' }), {
    repository: 'text',
    tags: 'list',
    keepManifests: 'boolean',
    planId: 'text',
  }),
  ...fewOddBodies(`POST /${service}/DeleteTags`, () => ({ ...planned(), planId: '"another"' })),
  call(
    'deletes tags by the plan for others',
    `${service}/DeleteTags`,
    objectOf({ ...planned(), tags: '["latest"]', planId: '"{{plan}}"' }),
  ),
  call('deletes tags by the plan', `${service}/DeleteTags`, objectOf({ ...planned(), planId: '"{{plan}}"' })),
  call('deletes tags by the plan again', `${service}/DeleteTags`, objectOf({ ...planned(), planId: '"{{plan}}"' })),
];

const deletes: readonly Step[] = [
  ...denials(`DELETE ${tags}/1.9.0`),
  ...denials(`POST /${service}/DeleteTag`, '{"repository":"team/app","tag":"1.9.0"}'),
  ...['unknown', '%21', '.x', '1.9.0/x', '1.9.0%2Fx', '{{repeat:x:128}}', '{{repeat:x:129}}', '{{one}}', '%00', ''].map(
    (tag) => step(`deletes the tag ${tag}`, `DELETE ${tags}/${tag}`),
  ),
  ...['unknown', 'Team/App', 'team//app', 'team%2Fapp%2Ftags'].map((name) =>
    step(`deletes v1 in ${name}`, `DELETE ${path}/${name}/tags/v1`),
  ),
  step('deletes a tag in a raw name that ends in /tags', `DELETE ${path}/other/app/tags/tags/v1`),
  step('deletes a tag with a parameter twice', `DELETE ${tags}/1.9.0?a=1&a=1`),
  step('deletes a tag', `DELETE ${tags}/1.9.0?surprise=1`, '{'),
  step('deletes a tag again', `DELETE ${tags}/1.9.0`),
  step('deletes a tag with an encoded name', `DELETE ${path}/other%2Fapp/tags/v1`),
  ...fieldSteps(`POST /${service}/DeleteTag`, () => ({ repository: '"team/app"', tag: '"unknown"' }), {
    repository: 'text',
    tag: 'text',
  }),
  ...fewOddBodies(`POST /${service}/DeleteTag`, () => ({ repository: '"team/app"', tag: '"unknown"' })),
  ...nameValues.map((repository) =>
    call(`deletes a tag by Connect in ${repository}`, `${service}/DeleteTag`, { repository, tag: 'v1' }),
  ),
  ...['!', '{{repeat:x:128}}', '{{repeat:x:129}}', '{{two}}'].map((tag) =>
    call(`deletes the tag ${tag} by Connect`, `${service}/DeleteTag`, { repository: 'team/app', tag }),
  ),
  call('deletes a tag by Connect', `${service}/DeleteTag`, { repository: 'other/app', tag: 'v2' }),
  call('deletes a tag by Connect again', `${service}/DeleteTag`, { repository: 'other/app', tag: 'v2' }),
  step('what is left', `GET ${tags}`),
];

export const tagSteps: readonly Step[] = [...lists, ...calls, ...plans, ...deletes];
