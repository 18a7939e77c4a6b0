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

const service = 'mcr.v1.PolicyService';
const path = '/v1/policy/rules';
const restRule = (): Fields => ({
  priority: '7',
  description: '"all of it"',
  effect: '"allow"',
  roles: '["dev"]',
  account_types: '["human"]',
  subject: '"{{person}}"',
  actions: '["registry:pull"]',
  repositories: '["team/*"]',
  enabled: 'false',
});
const rpcRule = (): Fields => {
  const { account_types: accountTypes, ...others } = restRule();
  return { accountTypes: accountTypes!, ...others };
};
const kinds = {
  priority: 'number',
  description: 'text',
  effect: 'text',
  roles: 'list',
  subject: 'text',
  actions: 'list',
  repositories: 'list',
  enabled: 'boolean',
} as const;
const many = (count: number, item: (at: number) => string) =>
  JSON.stringify(Array.from({ length: count }, (_, at) => item(at)));

/** Values of one field that have a meaning. */
const values: readonly (readonly [string, string])[] = [
  ['priority', '1'],
  ['priority', '1000000'],
  ['priority', '2147483647'],
  ['priority', '2147483648'],
  ['effect', '"DENY"'],
  ['effect', '"deny"'],
  ['description', '"{{repeat:x:1000}}"'],
  ['description', '"{{repeat:x:1001}}"'],
  ['description', '"ä 😀"'],
  ['roles', '["{{repeat:x:128}}"]'],
  ['roles', '["{{repeat:x:129}}"]'],
  ['roles', '[" a"]'],
  ['roles', many(100, (at) => `r${at}`)],
  ['roles', many(101, (at) => `r${at}`)],
  ['subject', '"{{strange}}"'],
  ['subject', '"01234567-89AB-CDEF-0123-456789ABCDEF"'],
  // Not the name of an account, which makes a rule now, whose id all later ones would follow.
  ['subject', '"per son"'],
  ['actions', '["registry:fly"]'],
  ['actions', '["registry:pull","registry:pull"]'],
  ['actions', many(9, () => 'registry:pull')],
  ['repositories', '["Team/*"]'],
  ['repositories', '["a[b"]'],
  ['repositories', String.raw`["a\\"]`],
  ['repositories', '["**"]'],
  ['repositories', '["*/*","team/app?"]'],
  ['repositories', many(101, (at) => `r${at}`)],
];

const restSteps: readonly Step[] = [
  ...rpcPages(`${service}/ListPolicyRules`),
  ...restPages(path, { good: '5.1' }),
  ...denials(`GET ${path}`),
  step('a rule with all that it can have', `POST ${path}`, objectOf(restRule()), { capture: { all: 'id' } }),
  step('a rule with the least', `POST ${path}`, { priority: 9, effect: 'deny', enabled: false }),
  ...denials(`POST ${path}`, objectOf(restRule())),
  ...fieldSteps(`POST ${path}`, restRule, { ...kinds, account_types: 'list' }),
  ...values.map(([field, value]) =>
    step(
      `a rule with ${field} ${value.slice(0, 40)}, ${value.length}`,
      `POST ${path}`,
      objectOf({ ...restRule(), [field]: value }),
    ),
  ),
  step('a rule with account_types ["robot"]', `POST ${path}`, objectOf({ ...restRule(), account_types: '["robot"]' })),
  step(
    'a rule with three account types',
    `POST ${path}`,
    objectOf({ ...restRule(), account_types: '["human","human","human"]' }),
  ),
  step('a rule with an id of its own', `POST ${path}`, objectOf({ id: '7', ...restRule() })),
  ...oddBodies(`POST ${path}`, restRule),
  step('pages of rules', `GET ${path}?n=3`, undefined, { capture: { next: 'link' } }),
  step('the next page of rules', 'GET {{next}}'),
  ...[
    '1',
    '{{all}}',
    '0',
    '-1',
    '-2',
    '01',
    '1.0',
    '1e0',
    'x',
    '%31',
    '9007199254740991',
    '9007199254740993',
    '99999999999999999',
    '1/x',
    '%20',
  ].flatMap((id) => [
    step(`the rule ${id}`, `GET ${path}/${id}`),
    step(`changes the rule ${id}`, `PATCH ${path}/${id}`, { description: 'changed' }),
    step(`does not change the rule ${id}`, `PATCH ${path}/${id}`, {}),
  ]),
  step('HEAD of a rule', `HEAD ${path}/1`),
  step('a rule with a query', `GET ${path}/1?surprise=1`),
  step('a rule with a parameter twice', `GET ${path}/1?a=1&a=1`),
  ...denials(`GET ${path}/1`),
  ...denials(`PATCH ${path}/1`, '{"priority":8}'),
  ...fieldSteps(`PATCH ${path}/{{all}}`, restRule, { ...kinds, account_types: 'list' }),
  ...values.map(([field, value]) =>
    step(
      `changes a rule to ${field} ${value.slice(0, 40)}, ${value.length}`,
      `PATCH ${path}/{{all}}`,
      objectOf({ [field]: value }),
    ),
  ),
  step('takes the subject from a rule', `PATCH ${path}/{{all}}`, { subject: null }),
  step('gives it back', `PATCH ${path}/{{all}}`, { subject: '{{person}}' }),
  step('takes the subject from a rule by an empty text', `PATCH ${path}/{{all}}`, { subject: '' }),
  ...oddBodies(`PATCH ${path}/{{all}}`, () => ({ priority: '8' })),
  ...denials(`DELETE ${path}/2`),
  ...['{{all}}', '{{all}}', '-1', 'x', '0', '99999'].map((id, at) =>
    step(`deletes the rule ${id}, ${at}`, `DELETE ${path}/${id}`),
  ),
  step('deletes a rule with a body', `DELETE ${path}/4`, '{'),
];

const question = (): Fields => ({ action: '"registry:pull"', repository: '"team/app"' });
const principal = { id: '{{robot}}', username: 'robot', account_type: 'system', roles: ['ci'] };
const asked: readonly (readonly [string, object])[] = [
  ['a name', { username: 'puller' }],
  ['an unknown name', { username: 'unknown' }],
  ['an id', { id: '{{puller}}' }],
  ['an unknown id', { id: '{{strange}}' }],
  ['roles', { roles: ['admin'] }],
  ['a name and roles', { username: 'puller', roles: [] }],
  ['nothing', {}],
  ['an unknown field', { surprise: 1 }],
  ['a long name', { username: '{{repeat:x:129}}' }],
];

const restExplain: readonly Step[] = [
  ...['admin', 'person', 'puller', 'robot'].flatMap((as) =>
    ['team/app', 'other/app'].map((repository) =>
      step(
        `what ${as} may do in ${repository}`,
        'POST /v1/policy/explain',
        { action: 'registry:pull', repository },
        { as },
      ),
    ),
  ),
  step('an action without a repository', 'POST /v1/policy/explain', { action: 'registry:catalog' }),
  step('an action of no use', 'POST /v1/policy/explain', { action: 'policy:manage' }, { as: 'person' }),
  step('an invalid repository', 'POST /v1/policy/explain', { action: 'registry:pull', repository: 'Team' }),
  step('what another may do', 'POST /v1/policy/explain', {
    action: 'registry:pull',
    principal,
    repository: 'other/app',
  }),
  ...asked.map(([what, who]) =>
    step(`what someone may do by ${what}`, 'POST /v1/policy/explain', { action: 'registry:catalog', principal: who }),
  ),
  ...asked.map(([what, who]) =>
    step(
      `what someone may do by ${what} for a puller`,
      'POST /v1/policy/explain',
      { action: 'registry:catalog', principal: who },
      { as: 'puller' },
    ),
  ),
  ...denials('POST /v1/policy/explain', '{"action":"registry:catalog"}', ['none', 'bad']),
  ...fieldSteps('POST /v1/policy/explain', question, { action: 'text', repository: 'text', principal: 'object' }),
  ...oddBodies('POST /v1/policy/explain', question),
];

const rpcSteps: readonly Step[] = [
  ...denials(`POST /${service}/ListPolicyRules`, '{}'),
  ...fewOddBodies(`POST /${service}/ListPolicyRules`, () => ({ pageSize: '1' })),
  call('a rule by Connect', `${service}/CreatePolicyRule`, objectOf(rpcRule()), { capture: { rpc: 'rule.id' } }),
  call('a rule by Connect with the least', `${service}/CreatePolicyRule`, {
    priority: 9,
    effect: 'deny',
    enabled: false,
  }),
  ...denials(`POST /${service}/CreatePolicyRule`, objectOf(rpcRule())),
  ...fieldSteps(`POST /${service}/CreatePolicyRule`, rpcRule, { ...kinds, accountTypes: 'list' }),
  ...values.map(([field, value]) =>
    call(
      `a rule by Connect with ${field} ${value.slice(0, 40)}, ${value.length}`,
      `${service}/CreatePolicyRule`,
      objectOf({ ...rpcRule(), [field]: value }),
    ),
  ),
  ...oddBodies(`POST /${service}/CreatePolicyRule`, rpcRule),
  ...[
    '1',
    '"1"',
    '0',
    '"0"',
    '-1',
    '"01"',
    '1.5',
    '1e0',
    '"x"',
    'null',
    '9007199254740991',
    '"9007199254740993"',
    '"9223372036854775807"',
    '"9223372036854775808"',
    'true',
  ].flatMap((id) => [
    call(`the rule ${id} by Connect`, `${service}/GetPolicyRule`, `{"id":${id}}`),
    call(`changes the rule ${id} by Connect`, `${service}/UpdatePolicyRule`, `{"id":${id},"description":"changed"}`),
  ]),
  ...denials(`POST /${service}/GetPolicyRule`, '{"id":"1"}'),
  ...fewOddBodies(`POST /${service}/GetPolicyRule`, () => ({ id: '"1"' })),
  ...denials(`POST /${service}/UpdatePolicyRule`, '{"id":"1","priority":8}'),
  ...fieldSteps(`POST /${service}/UpdatePolicyRule`, () => ({ id: '"{{rpc}}"', priority: '8' }), {
    priority: 'number',
    description: 'text',
    effect: 'text',
    subject: 'text',
    enabled: 'boolean',
    roles: 'object',
    accountTypes: 'object',
    actions: 'object',
    repositories: 'object',
  }),
  ...values
    .filter(([, value]) => value.startsWith('['))
    .map(([field, value]) =>
      call(
        `changes a rule by Connect to ${field} ${value.slice(0, 40)}, ${value.length}`,
        `${service}/UpdatePolicyRule`,
        `{"id":"{{rpc}}","${field}":{"values":${value}}}`,
      ),
    ),
  ...fewOddBodies(`POST /${service}/UpdatePolicyRule`, () => ({ id: '"{{rpc}}"', priority: '8' })),
  ...denials(`POST /${service}/DeletePolicyRule`, '{"id":"{{rpc}}"}'),
  ...fewOddBodies(`POST /${service}/DeletePolicyRule`, () => ({ id: '"99999"' })),
  call('deletes a rule by Connect', `${service}/DeletePolicyRule`, { id: '{{rpc}}' }),
  call('deletes a rule by Connect again', `${service}/DeletePolicyRule`, { id: '{{rpc}}' }),
  call('deletes a built-in rule by Connect', `${service}/DeletePolicyRule`, { id: '-1' }),
  ...['admin', 'person', 'puller', 'robot'].map((as) =>
    call(
      `what ${as} may do by Connect`,
      `${service}/ExplainPolicy`,
      { action: 'registry:pull', repository: 'other/app' },
      { as },
    ),
  ),
  ...asked.flatMap(([what, who]) => {
    const { account_type: accountType, ...others } = who as { readonly account_type?: string };
    const message = { action: 'registry:catalog', principal: { ...others, ...(accountType && { accountType }) } };
    return ['admin', 'puller'].map((as) =>
      call(`what someone may do by ${what} for ${as} by Connect`, `${service}/ExplainPolicy`, message, { as }),
    );
  }),
  ...denials(`POST /${service}/ExplainPolicy`, '{"action":"registry:catalog"}', ['none', 'bad']),
  ...fieldSteps(`POST /${service}/ExplainPolicy`, question, {
    action: 'text',
    repository: 'text',
    principal: 'object',
  }),
  ...fewOddBodies(`POST /${service}/ExplainPolicy`, question),
];

export const policySteps: readonly Step[] = [...restSteps, ...restExplain, ...rpcSteps];
