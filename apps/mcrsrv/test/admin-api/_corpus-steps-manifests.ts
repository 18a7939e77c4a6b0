import { denials, type Fields, fewOddBodies, fieldSteps, restPages, rpcPages } from './_corpus-odd.ts';
import { call, type Step, step } from './_corpus-step.ts';
import { nameTargets, nameValues } from './_corpus-steps-repositories.ts';

const service = 'mcr.v1.RegistryService';
const path = '/v1/repositories';
const manifests = `${path}/team/app/manifests`;
const none = `sha256:${'0'.repeat(64)}`;
const references = [
  '1.9.0',
  'latest',
  'multi',
  '{{one}}',
  '{{index}}',
  '{{signature}}',
  '{{sbom}}',
  '{{layer}}',
  none,
  'unknown',
];
const badReferences = [
  '',
  '!',
  'sha256:0',
  `SHA256:${'0'.repeat(64)}`,
  `md5:${'0'.repeat(32)}`,
  `sha512:${'0'.repeat(128)}`,
  '{{repeat:x:129}}',
];

const lists: readonly Step[] = [
  ...restPages(manifests, { good: '{{one}}', bad: ['zzz', '', '%00', none, '{{repeat:x:513}}'] }),
  step('a page of manifests', `GET ${manifests}?n=3`, undefined, { capture: { next: 'link' } }),
  step('the next page of manifests', 'GET {{next}}'),
  ...nameTargets.map((name) => step(`manifests of ${name}`, `GET ${path}/${name}/manifests`)),
  ...denials(`GET ${manifests}`, undefined, ['none', 'bad', 'person', 'puller', 'robot']),
  ...denials(`GET ${path}/other/app/manifests`, undefined, ['puller', 'robot']),
  ...rpcPages(`${service}/ListManifests`, { repository: '"team/app"' }),
  ...denials(`POST /${service}/ListManifests`, '{"repository":"other/app"}'),
  ...nameValues.map((repository) =>
    call(`manifests by Connect of ${repository}`, `${service}/ListManifests`, { repository }),
  ),
  ...fieldSteps(`POST /${service}/ListManifests`, () => ({ repository: '"solo"' }), { repository: 'text' }),
  ...fewOddBodies(`POST /${service}/ListManifests`, () => ({ repository: '"solo"' })),
];

const one = (): Fields => ({ repository: '"team/app"', reference: '"1.9.0"' });
const calls: readonly Step[] = ['GetManifest', 'InspectManifest'].flatMap((name) => [
  ...[...references, ...badReferences].map((reference) =>
    call(`${name} of ${reference}`, `${service}/${name}`, { repository: 'team/app', reference }),
  ),
  ...nameValues.map((repository) =>
    call(`${name} in ${repository}`, `${service}/${name}`, { repository, reference: 'v1' }),
  ),
  call(`${name} in another repository`, `${service}/${name}`, { repository: 'solo', reference: '{{one}}' }),
  call(`${name} for a puller`, `${service}/${name}`, { repository: 'team/app', reference: 'multi' }, { as: 'puller' }),
  ...denials(`POST /${service}/${name}`, '{"repository":"other/app","reference":"v1"}', [
    'none',
    'bad',
    'puller',
    'robot',
  ]),
  ...fieldSteps(`POST /${service}/${name}`, one, { repository: 'text', reference: 'text' }),
  ...fewOddBodies(`POST /${service}/${name}`, one),
]);

const deletes: readonly Step[] = [
  ...denials(`DELETE ${manifests}/{{one}}`),
  ...denials(`POST /${service}/DeleteManifest`, '{"repository":"team/app","digest":"{{one}}"}'),
  ...['1.9.0', none, 'sha256:0', `md5:${'0'.repeat(32)}`, 'x/y', '%20', '{{layer}}'].map((digest) =>
    step(`deletes the manifest ${digest}`, `DELETE ${manifests}/${digest}`),
  ),
  ...['unknown', 'Team/App', 'team//app'].map((name) =>
    step(`deletes a manifest in ${name}`, `DELETE ${path}/${name}/manifests/{{one}}`),
  ),
  step('deletes a manifest with a parameter twice', `DELETE ${manifests}/{{one}}?a=1&a=1`),
  step('deletes a manifest that an index lists', `DELETE ${manifests}/{{two}}`),
  step('deletes a manifest', `DELETE ${manifests}/{{one}}?surprise=1`, '{'),
  step('deletes a manifest again', `DELETE ${manifests}/{{one}}`),
  step('deletes a manifest with an encoded colon', `DELETE ${path}/team%2Fmanifests/manifests/sha256%3A{{sbom hex}}`),
  ...fieldSteps(`POST /${service}/DeleteManifest`, () => ({ repository: '"team/app"', digest: `"${none}"` }), {
    repository: 'text',
    digest: 'text',
  }),
  ...fewOddBodies(`POST /${service}/DeleteManifest`, () => ({ repository: '"team/app"', digest: `"${none}"` })),
  ...nameValues.map((repository) =>
    call(`deletes a manifest by Connect in ${repository}`, `${service}/DeleteManifest`, { repository, digest: none }),
  ),
  ...['multi', ...badReferences].map((digest) =>
    call(`deletes the manifest ${digest} by Connect`, `${service}/DeleteManifest`, { repository: 'team/app', digest }),
  ),
  call('deletes a manifest by Connect', `${service}/DeleteManifest`, { repository: 'team/app', digest: '{{index}}' }),
  call('deletes a manifest by Connect again', `${service}/DeleteManifest`, {
    repository: 'team/app',
    digest: '{{index}}',
  }),
  step('what is left', `GET ${path}/team/app`),
  step('a repository that is empty now', `GET ${path}/team%2Fmanifests`),
  step('a repository that is empty now, in the list', `GET ${path}?search=manifests`),
  call('a repository that is empty now by Connect', `${service}/GetRepository`, { name: 'team/manifests' }),
];

export const manifestSteps: readonly Step[] = [...lists, ...calls, ...deletes];
