import { call, type Step, step } from './_corpus-step.ts';

const paths: Readonly<Record<string, readonly string[]>> = {
  '/v1/health': ['GET', 'HEAD'],
  '/v1/ready': ['GET', 'HEAD'],
  '/v1/auth/login': ['POST'],
  '/v1/auth/logout': ['POST'],
  '/v1/auth/password': ['POST'],
  '/v1/auth/whoami': ['GET', 'HEAD'],
  '/v1/openapi.json': ['GET'],
  '/v1/repositories': ['GET', 'HEAD'],
  '/v1/repositories/solo': ['GET', 'HEAD', 'DELETE'],
  '/v1/repositories/team%2Fapp/tags': ['GET', 'HEAD'],
  '/v1/repositories/team/app/manifests': ['GET', 'HEAD'],
  '/v1/repositories/solo/tags/v1': ['DELETE'],
  '/v1/repositories/solo/manifests/{{other}}': ['DELETE'],
  '/v1/policy/rules': ['GET', 'HEAD', 'POST'],
  '/v1/policy/rules/1': ['GET', 'HEAD', 'PATCH', 'DELETE'],
  '/v1/policy/explain': ['POST'],
  '/v1/audit': ['GET', 'HEAD'],
  '/v1/gc': ['POST'],
  '/v1/gc/status': ['GET', 'HEAD'],
  '/v1/gc/runs': ['GET', 'HEAD'],
  '/v1/snapshots': ['GET', 'HEAD', 'POST'],
  '/v1/accounts': ['GET', 'HEAD', 'POST'],
  '/v1/accounts/{{robot}}': ['PATCH', 'DELETE'],
  '/v1/statistics': ['GET', 'HEAD'],
};
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

const otherMethods: readonly Step[] = Object.entries(paths).flatMap(([path, known]) =>
  methods.filter((method) => !known.includes(method)).map((method) => step(`${method} ${path}`, `${method} ${path}`)),
);

const heads: readonly Step[] = Object.entries(paths)
  .filter(([, known]) => known.includes('HEAD'))
  .map(([path]) => step(`HEAD ${path}`, `HEAD ${path}`));

const unknown = [
  '/v1',
  '/v1/',
  '/v1/unknown',
  '/v1/health/',
  '/v1/health/x',
  '//v1/health',
  '/v1//health',
  '/V1/health',
  '/v1/Health',
  '/v1/%68ealth',
  '/v1/./health',
  '/v1/x/../health',
  '/v1/health%2F',
  '/v1/health%00',
  '/v1/search?q=x',
  '/v1/_ping',
  '/v1/accounts/',
  '/v1/accounts/{{robot}}/x',
  '/v1/repositories/',
  '/v1/repositories/team/app/',
  '/v1/repositories/team/app/tags/',
  '/v1/repositories/team/app/unknown/x',
  '/v1/policy',
  '/v1/policy/rules/',
  '/v1/gc/unknown',
  '/v1/auth',
  '/v1/openapi.yaml',
  '/v1/mcr.v1.AdminService/Health',
  '/v1/health#x',
  '/v1/health?%',
  '/v1/health?a=%FF',
  '/v1/accounts?n=1&n=%31',
];

const unknownPaths: readonly Step[] = unknown.flatMap((path) => [
  step(`GET ${path}`, `GET ${path}`),
  step(`GET ${path} by none`, `GET ${path}`, undefined, { as: 'none' }),
  step(`POST ${path} by none`, `POST ${path}`, '{}', { as: 'none' }),
]);

const credentials: readonly (readonly [string, string])[] = [
  ['no scheme', 'garbage'],
  ['an empty token', 'Bearer '],
  ['two spaces', 'Bearer  garbage'],
  ['another scheme', 'Token garbage'],
  ['a password', 'Basic YWRtaW46eA=='],
  ['a comma', 'Bearer a, Bearer b'],
];
const headers: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['an accept of XML', { accept: 'application/xml' }],
  ['a range', { range: 'bytes=0-1' }],
  ['an etag', { 'if-none-match': '*' }],
  ['an origin', { origin: 'https://example.com' }],
  ['an accepted encoding', { 'accept-encoding': 'gzip' }],
  ['an override of the method', { 'x-http-method-override': 'DELETE' }],
];

const requests: readonly Step[] = [
  ...credentials.flatMap(([what, authorization]) => [
    step(`a request with ${what}`, 'GET /v1/auth/whoami', undefined, { as: 'none', headers: { authorization } }),
    call(`a call with ${what}`, 'mcr.v1.AuthService/WhoAmI', {}, { as: 'none', headers: { authorization } }),
  ]),
  ...headers.flatMap(([what, it]) => [
    step(`a request with ${what}`, 'GET /v1/auth/whoami', undefined, { headers: it }),
    call(`a call with ${what}`, 'mcr.v1.AuthService/WhoAmI', {}, { headers: it }),
  ]),
  step('a token in the query', 'GET /v1/auth/whoami?access_token=x', undefined, { as: 'none' }),
  step('a preflight', 'OPTIONS /v1/accounts', undefined, {
    as: 'none',
    headers: { origin: 'https://example.com', 'access-control-request-method': 'POST' },
  }),
  step('a compressed body', 'POST /v1/policy/rules', '{}', { headers: { 'content-encoding': 'gzip' } }),
];

const service = 'mcr.v1.AdminService';
const rpcHeaders: readonly (readonly [string, Readonly<Record<string, string | null>>])[] = [
  ['version 1 of the protocol', { 'connect-protocol-version': '1' }],
  ['version 2 of the protocol', { 'connect-protocol-version': '2' }],
  ['a timeout', { 'connect-timeout-ms': '60000' }],
  ['a timeout that is none', { 'connect-timeout-ms': 'x' }],
  ['a timeout that is too long', { 'connect-timeout-ms': '99999999999' }],
  ['an unknown encoding', { 'content-encoding': 'x' }],
  ['a wrong encoding', { 'content-encoding': 'gzip' }],
  ['no encoding', { 'content-encoding': 'identity' }],
  ['the type of gRPC', { 'content-type': 'application/grpc+json' }],
  ['the type of a stream', { 'content-type': 'application/connect+json' }],
  ['the type of messages in bytes', { 'content-type': 'application/proto' }],
];

const calls: readonly Step[] = [
  call('a message that is too large', `${service}/ListAccounts`, '{"pageToken":"{{repeat:x:1100000}}"}'),
  ...rpcHeaders.map(([what, it]) => call(`a call with ${what}`, `${service}/GetStatistics`, {}, { headers: it })),
  ...['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) =>
    step(`${method} of a call`, `${method} /${service}/GetStatistics`),
  ),
  step('GET of a call with a message', `GET /${service}/Health?connect=v1&encoding=json&message=%7B%7D`, undefined, {
    as: 'none',
  }),
  ...['none', 'admin'].flatMap((as) =>
    [
      `${service}/Unknown`,
      'mcr.v1.Unknown/Health',
      `${service}/`,
      `${service}/health`,
      `${service}/Health/`,
      `${service}/Health?x=1&x=1`,
    ].map((it) => call(`a call of ${it} by ${as}`, it, {}, { as })),
  ),
];

export const transportSteps: readonly Step[] = [...otherMethods, ...heads, ...unknownPaths, ...requests, ...calls];
