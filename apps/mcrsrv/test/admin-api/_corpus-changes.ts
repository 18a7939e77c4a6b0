import type { Change, RecordedResponse } from './_corpus-change.ts';
import { listsAndLinks, withPushers } from './_corpus-changes-lists.ts';
import { namesInPaths } from './_corpus-changes-names.ts';
import { rewordedErrors } from './_corpus-changes-words.ts';

const notRounded = 'a number that JSON cannot hold is rejected instead of rounded to the number of another rule';
const emptyPrincipal = 'an empty principal is a person without a name and roles, as over RPC';
const noSuchPage = 'the error names the parameter that begins no page of the list';
const noToken = 'not a token of this list; omit it to start over';
const allProblems = 'problems of reading come before those of the values, and each unknown field has its own';

const peopleRule = {
  id: -2,
  priority: 0,
  description: 'People may pull, push, delete and list everywhere',
  effect: 'allow',
  roles: [],
  account_types: ['human'],
  actions: ['registry:pull', 'registry:push', 'registry:delete', 'registry:catalog'],
  repositories: [],
  enabled: true,
  warnings: [],
  except_roles: [],
  except_subjects: [],
  delegated: false,
};

function rejected(error: string, detail?: unknown): object {
  const json = detail === undefined ? { error } : { error, detail };
  return { status: 400, headers: { 'content-type': 'application/json' }, json };
}

/** What GetRepository gives besides the repository, empty unless it is asked for. */
const alsoGiven = { tags: [], manifests: [] };

function withContents({ json, message, ...rest }: RecordedResponse): object {
  if (message !== undefined) return { message: { ...message, ...alsoGiven } };
  if (rest.status !== 200) return { ...rest, ...(json && { json }) };
  return { ...rest, json: { ...json, ...alsoGiven } };
}

/** The services of grpc.health.v1.Health/List, those of the admin API in the order of the operations. */
const services = ['Admin', 'Audit', 'Registry', 'Policy', 'Auth', 'Token'].map((name) => `mcr.v1.${name}Service`);

function inOrder({ json, message, ...rest }: RecordedResponse): object {
  const { statuses } = (json ?? message) as { readonly statuses: Readonly<Record<string, object>> };
  const { '': all, ...others } = statuses;
  const serving = services.map((name) => [name, others[name] ?? { status: 'SERVING' }]);
  const ordered = { '': all, ...Object.fromEntries(serving), ...others };
  return { ...rest, [json === undefined ? 'message' : 'json']: { statuses: ordered } };
}

/** A field that a success has at its end by now. */
function withField(name: string, value: unknown): (recorded: RecordedResponse) => object {
  return (recorded) => {
    const { status = 200, json, message } = recorded;
    if (status !== 200) return recorded;
    return {
      ...recorded,
      ...(json && { json: { ...json, [name]: value } }),
      ...(message && { message: { ...message, [name]: value } }),
    };
  };
}

/** Two stars had the meaning of one, and a warning said so. */
function withoutStarWarning(response: RecordedResponse): object {
  const warning = /"the pattern \\"\*\*\\" matches the same as[^]*?crosses a slash"/g;
  return JSON.parse(JSON.stringify(response).replaceAll(warning, '')) as object;
}

const exceptions = { except_roles: [], except_subjects: [], delegated: false };

/** Rules have exceptions and say whether they are a delegate's, and lists and explanations of them say what applies without a rule. */
function withExceptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withExceptions);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).map(([name, it]) => [name, withExceptions(it)]);
  const isRule = 'warnings' in value && 'repositories' in value;
  const inRpc = 'accountTypes' in value;
  const more = isRule ? (inRpc ? { exceptRoles: [], exceptSubjects: [], delegated: false } : exceptions) : {};
  return { ...Object.fromEntries(fields), ...more, ...policyDefaultOf(value) };
}

function policyDefaultOf(value: object): object {
  const isExplanation = 'matches' in value && 'effect' in value && 'principal' in value;
  if ('builtinRules' in value || (isExplanation && 'accountType' in (value.principal as object)))
    return { policyDefault: 'open' };
  return 'builtin_rules' in value || isExplanation ? { policy_default: 'open' } : {};
}

/** How long lists and rules are with exceptions, by how long they were. */
const lengths: Readonly<Record<string, string>> = { '1865': '2288', '305': '362', '310': '367' };

function withLength({ headers = {}, ...rest }: RecordedResponse): object {
  const length = lengths[headers['content-length'] ?? ''];
  return { ...rest, headers: { ...headers, ...(length !== undefined && { 'content-length': length }) } };
}

const requestId = '<uuid>';

/** Denials have the id of their request, in the response and in the audit log, and explanations the rules that nearly matched. */
function withRequestIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withRequestIds);
  if (typeof value !== 'object' || value === null) return value;
  const found = Object.fromEntries(Object.entries(value).map(([name, it]) => [name, withRequestIds(it)]));
  const { event_type: type = found['eventType'], details, detail } = found as Record<string, object | string>;
  if (type === 'policy_deny') return { ...found, details: { ...(details as object), request_id: requestId } };
  const { action } = (detail ?? {}) as { readonly action?: string };
  if (action !== undefined && 'error' in found)
    return { ...found, detail: { ...(detail as object), request_id: requestId } };
  if ('policy_default' in found && 'effect' in found) return { ...found, near_misses: [] };
  return 'policyDefault' in found && 'effect' in found ? { ...found, nearMisses: [] } : found;
}

/** Every difference that is meant. An entry that covers no step, or makes no difference to one, fails the test. */
export const changes: readonly Change[] = [
  {
    steps: /^(?:tags|protocols): /,
    why: 'tags with details say who pushed them, what is attached, and how many the image has',
    now: (recorded) => withPushers(recorded) as object,
  },
  {
    steps: /^(?:policy|transport): HEAD (?:of a rule|\/v1\/policy\/rules(?:\/1)?)$/,
    why: 'rules have exceptions',
    now: withLength,
  },
  {
    steps: /./,
    why: 'rules have exceptions, and lists and explanations of rules say what applies without one',
    now: (recorded) => withExceptions(recorded) as object,
  },
  {
    steps:
      /^policy: (?:.* repositories \["\*\*"\].*|POST \/mcr\.v1\.PolicyService\/ListPolicyRules with the body \{\})$/,
    why: '** crosses slashes',
    now: withoutStarWarning,
  },
  {
    steps: [
      'statistics: the description',
      'statistics: the description for a puller',
      'transport: HEAD /v1/openapi.json',
    ],
    why: 'the description is made of the protos, so that it changes with each new method',
    compared: false,
  },
  {
    steps: /^policy: (?:changes |does not change )?the rule 9007199254740993$/,
    why: notRounded,
    response: rejected('id: must be at most 9007199254740991', [
      { field: 'id', problem: 'must be at most 9007199254740991' },
    ]),
  },
  {
    steps: ['policy: what someone may do by nothing', 'policy: POST /v1/policy/explain with principal {}'],
    why: emptyPrincipal,
    response: {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      },
      json: {
        effect: 'allow',
        rule_id: -2,
        rule: peopleRule,
        matches: [peopleRule],
        principal: { id: '', username: '', account_type: 'human', roles: [] },
        policy_default: 'open',
        near_misses: [],
      },
    },
  },
  {
    steps:
      /RegistryService\/GetRepository (?:by (?:admin|person)|with a byte order mark)$|: (?:GetRepository (?:of|for) |a repository that is empty now by Connect$)/,
    why: 'GetRepository can give the tags and the manifests too',
    now: withContents,
  },
  {
    steps: ['statistics: health of all', 'protocols: grpc.health.v1.Health/List by none'],
    why: 'services are registered in the order of their operations, a new one at the end; the order of a map says nothing',
    now: inOrder,
  },
  {
    steps: /^policy: GET \/v1\/policy\/rules\?n=2&last=(?:5\.1|zzz|%00|%F0%9F%98%80|\{\{repeat:x:512\}\}|)$/,
    why: noSuchPage,
    response: rejected(`last: ${noToken}`, [{ field: 'last', problem: noToken }]),
  },
  {
    steps: /^transport: PATCH \/v1\/repositories\/./,
    why: 'repositories have a description that PATCH changes',
    response: rejected('The body must be JSON, with Content-Type: application/json'),
  },
  {
    steps: ['gc: GET /v1/gc/runs?n=2&before={{repeat:x:65}}'],
    why: 'an id that is too long is one of no garbage collection',
    response: rejected('The garbage collection that the page starts before does not exist', { before: 'x'.repeat(65) }),
  },
  {
    steps: ['accounts: POST /v1/accounts with account_type ""'],
    why: 'an empty type of account is the usual one, as over RPC, so that the password is what is wrong',
    response: rejected('The password must have 8 to 256 characters'),
  },
  {
    steps: ['accounts: several things wrong with a new account'],
    why: allProblems,
    response: rejected('body: unknown field "surprise"; password: must be given', [
      { field: 'body', problem: 'unknown field "surprise"' },
      { field: 'password', problem: 'must be given' },
    ]),
  },
  {
    steps: ['auth: POST /v1/auth/password in the other spelling'],
    why: allProblems,
    response: rejected(
      'body: unknown field "currentPassword"; body: unknown field "newPassword"; current_password: must be given; new_password: must be given',
      [
        { field: 'body', problem: 'unknown field "currentPassword"' },
        { field: 'body', problem: 'unknown field "newPassword"' },
        { field: 'current_password', problem: 'must be given' },
        { field: 'new_password', problem: 'must be given' },
      ],
    ),
  },
  {
    steps: [
      'tags: POST /mcr.v1.RegistryService/PlanTagDeletion with the body {}',
      'tags: POST /mcr.v1.RegistryService/DeleteTags with the body {}',
    ],
    why: 'the rules of the message come before the name of the repository',
    response: {
      status: 400,
      headers: { 'content-type': 'application/json', 'mcr-error-code': 'PARAMETER_INVALID' },
      json: { code: 'invalid_argument', message: 'tags: must not be empty' },
    },
  },
  {
    steps: /mcr\.v1\.AdminService\/Health(?:\?x=1&x=1)? (?:by|with) |^statistics: health by Connect for /,
    why: 'health names the providers that people sign in at',
    now: withField('signInProviders', []),
  },
  {
    steps:
      /WhoAmI|: who \S+ is by Connect$|: whose token it is by Connect$|^transport: a call with an? (?:accept of XML|override of .*|range|etag|origin|accepted encoding)$/,
    why: 'a caller learns what it is a delegate for',
    now: withField('delegations', []),
  },
  {
    steps: /^(?:auth|mcias): a logout by Connect$|^protocols: mcr\.v1\.AuthService\/Logout by \{\{token\}\}$/,
    why: 'a logout says where a person of a provider signs out, too',
    now: withField('location', ''),
  },
  {
    steps: ['mcias: policy about a name'],
    why: 'accounts that the database holds are none while MCIAS keeps the accounts',
    response: {
      status: 404,
      headers: { 'content-type': 'application/json' },
      json: {
        error: 'There is no such local account; describe it by account_type and roles',
        detail: { username: 'person' },
      },
    },
  },
  ...listsAndLinks,
  ...namesInPaths,
  ...rewordedErrors,
  {
    steps: /./,
    why: 'denials have the id of their request',
    now: (recorded) => withRequestIds(recorded) as object,
  },
  {
    steps: /^policy: /,
    why: 'guests are a type of account',
    error: {
      from: /([\w.]*account_types?(?:\.\d+)?): must be one of human, system(?!,)/g,
      to: (_: string, field = '') => `${field}: must be one of human, system, anonymous`,
    },
  },
  {
    steps: /^policy: /,
    why: 'there are three types of accounts, so that three are too many only if one is there twice',
    error: {
      from: /([\w.]*account_types): must have at most 2 items/g,
      to: (_: string, field = '') => `${field}: must not have a type twice`,
    },
  },
  {
    steps: ['a name', 'a name and roles', 'a name for admin by Connect', 'a name and roles for admin by Connect'].map(
      (who) => `policy: what someone may do by ${who}`,
    ),
    why: 'rules nearly match, which policy/explain.test.ts is about',
    compared: false,
  },
  {
    steps: ['audit: HEAD /v1/audit'],
    why: 'denials have the id of their request',
    now: ({ headers, ...rest }) => ({ ...rest, headers: { ...headers, 'content-length': '14376' } }),
  },
];

/** Routes, as `GET /v1/…` in OpenAPI's form, and RPCs, as `service/Method`, that are newer than the recordings. */
export const newer: readonly string[] = [
  'GET /v1/audit/activity',
  'GET /v1/auth/permissions',
  'GET /v1/delegations',
  'GET /v1/identities',
  'GET /v1/policy/matches',
  'GET /v1/search',
  'GET /v1/repositories/{name}:usage',
  'GET /v1/repositories/{repository}:layers',
  'mcr.v1.RegistryService/ListLayers',
  'GET /v1/repositories/{repository}/blobs/{digest}:content',
  'GET /v1/repositories/{repository}/manifests/{reference}:content',
  'GET /v1/repositories/{repository}/manifests/{reference}:inspect',
  'GET /v1/statistics/storage',
  'GET /v1/storage',
  'GET /v1/tokens',
  'POST /v1/auth/sign-in',
  'POST /v1/delegations',
  'POST /v1/repositories/{repository}/tags:delete',
  'POST /v1/repositories/{repository}/tags:planDeletion',
  'PATCH /v1/identities/{id}',
  'PATCH /v1/repositories/{name}',
  'POST /v1/tokens',
  'POST /v1/tokens/{id}:rotate',
  'DELETE /v1/delegations/{id}',
  'DELETE /v1/identities/{id}',
  'DELETE /v1/tokens/{id}',
  'mcr.v1.AdminService/DeleteIdentity',
  'mcr.v1.AdminService/DescribeStorage',
  'mcr.v1.AdminService/ListIdentities',
  'mcr.v1.AdminService/Ready',
  'mcr.v1.AdminService/UpdateIdentity',
  'mcr.v1.AuthService/SignIn',
  'mcr.v1.PolicyService/CreateDelegation',
  'mcr.v1.PolicyService/DeleteDelegation',
  'mcr.v1.PolicyService/ListDelegations',
  'mcr.v1.PolicyService/MatchRepositories',
  'mcr.v1.RegistryService/ReadBlob',
  'mcr.v1.RegistryService/Search',
  'mcr.v1.RegistryService/UpdateRepository',
  'mcr.v1.TokenService/CreateToken',
  'mcr.v1.TokenService/ListTokens',
  'mcr.v1.TokenService/RevokeToken',
  'mcr.v1.TokenService/RotateToken',
];
