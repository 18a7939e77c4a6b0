import type { Change, Rewording } from './_corpus-change.ts';

const everyStep = /^/;

function rewordings(why: string, pairs: readonly (readonly [Rewording['from'], Rewording['to']])[]): Change[] {
  return pairs.map(([from, to]) => ({ steps: everyStep, why, error: { from, to } }));
}

const ownWords = 'the rules of the protos have words of their own, which are the same over REST and RPC';
const jsonTypes = 'a value of another type is told what type the field has, before the rules of the field';
const oneIsEnough = 'one problem of a field is enough';
const wordsOfList = 'every list says it in the same words';

/** What is said for these fields alone, before the general words. */
const special: readonly Change[] = [
  {
    steps:
      / \/v1\/.* with (?:(?:account_type|effect|action) (?:null|7|true|\[\]|\{\})|(?:actions|account_types) \[(?:null|7|\["a"\])\])$/,
    why: jsonTypes,
    error: { from: /Invalid option: expected one of (?:"[^"]+"\|?)+/g, to: 'must be a text' },
  },
  {
    steps:
      /^policy: POST \/v1\/policy\/(?:rules|explain) (?:without (?:effect|action)|with the body \{\})$|^transport: a compressed body$/,
    why: 'a field that is missing is told from one that has another value',
    error: { from: /Invalid option: expected one of (?:"[^"]+"\|?)+/g, to: 'must be given' },
  },
  {
    steps: [
      'policy: POST /v1/policy/rules with priority 99999999999999999999',
      'policy: PATCH /v1/policy/rules/{{all}} with priority 99999999999999999999',
      'policy: a rule with priority 2147483648, 10',
      'policy: changes a rule to priority 2147483648, 10',
    ],
    why: 'a number that the field of the proto cannot hold is rejected before the rules of the field',
    error: 'priority: must be at most 2147483647',
    detail: [{ field: 'priority', problem: 'must be at most 2147483647' }],
  },
  {
    steps: /^policy: .* \/v1\/.* with repositories \[""\]$/,
    why: oneIsEnough,
    error: 'repositories.0: must not be empty',
    detail: [{ field: 'repositories.0', problem: 'must not be empty' }],
  },
  {
    steps: ['policy: POST /mcr.v1.PolicyService/CreatePolicyRule with repositories [""]'],
    why: oneIsEnough,
    error: 'repositories.0: must not be empty',
  },
  {
    steps: /the rule (?:01|1\.0|1e0|x|%20)(?:, \d)?$/,
    why: 'what is no number is told from a number out of range',
    error: { from: 'must be a positive integer', to: 'must be a whole number' },
  },
  {
    steps: /the rule (?:99999999999999999|"(?:9007199254740993|9223372036854775807)" by Connect)$/,
    why: ownWords,
    error: { from: 'must be a positive integer', to: 'must be at most 9007199254740991' },
  },
  {
    steps: ['audit: events with n=2&offset=-1'],
    why: 'what is no number is told from a number out of range',
    error: { from: 'must be a number', to: 'must be at least 0' },
  },
  {
    steps: ['audit: activity of -1 days', 'protocols: mcr.v1.AuditService/GetActivity with {"days":-1}'],
    why: ownWords,
    error: { from: 'must be from 0 to 366', to: 'must be at least 0' },
  },
];

/** Errors that say the same as before in other words. */
export const rewordedErrors: readonly Change[] = [
  ...special,
  ...rewordings(jsonTypes, [
    [/^body: Invalid input: expected object, received \w+/g, 'body: must be a JSON object'],
    [/Invalid input: expected \w+, received undefined/g, 'must be given'],
    [/Invalid input: expected string, received \w+/g, 'must be a text'],
    [/Invalid input: expected array, received \w+/g, 'must be an array'],
    [/Invalid input: expected boolean, received \w+/g, 'must be true or false'],
    [/Invalid input: expected object, received \w+/g, 'must be an object'],
    [/Invalid input: expected (?:number|int), received \w+/g, 'must be a whole number'],
    [/^subject: Invalid input$/g, 'subject: must be a text'],
  ]),
  ...rewordings(ownWords, [
    [/Too big: expected string to have <=(\d+) characters/g, 'must have at most $1 characters'],
    [/Too big: expected array to have <=(\d+) items/g, 'must have at most $1 items'],
    [/Too big: expected number to be <=(\d+)/g, 'must be at most $1'],
    [/Too small: expected number to be >=(\d+)/g, 'must be at least $1'],
    [/Too small: expected (?:string|array) to have >=1 (?:characters|items)/g, 'must not be empty'],
    [
      /Invalid option: expected one of ((?:"[^"]+"\|?)+)/g,
      (_, words = '') => `must be one of ${words.replaceAll('"', '').replaceAll('|', ', ')}`,
    ],
    [/Unrecognized key: /g, 'unknown field '],
    [/subject: Invalid UUID/g, 'subject: must be the UUID of an account'],
    [/Invalid ISO datetime/g, 'must be a time in RFC 3339, such as 2026-01-31T12:00:00Z'],
    [/must be a positive integer/g, 'must be more than 0'],
    [/must be from 0 to 366/g, 'must be at most 366'],
    [/offset: must be a number/g, 'offset: must be a whole number'],
    [/offset: may be 100000 at most; use before instead/g, 'offset: must be at most 100000'],
  ]),
  ...rewordings('an event is newer than the recordings', [
    ['repo_deleted, policy_rule_created', 'repo_deleted, repo_updated, policy_rule_created'],
    ['account_deleted, gc_started', 'account_deleted, token_created, token_rotated, token_revoked, gc_started'],
    ['token_revoked, gc_started', 'token_revoked, identity_updated, identity_deleted, gc_started'],
    ['identity_deleted, gc_started', 'identity_deleted, delegation_granted, delegation_revoked, gc_started'],
  ]),
  ...rewordings('an account has a name, too', [
    ['subject: must be the UUID of an account', 'subject: must be the UUID or the name of an account'],
  ]),
  ...rewordings(wordsOfList, [
    ['before: must be the id of an event', 'before: not a token of this list; omit it to start over'],
    [
      'This is no page of the policy rules; start from the first one',
      'page_token: not a token of this list; omit it to start over',
    ],
  ]),
  ...rewordings('errors are in the words of the field', [
    ['This needs the role admin', 'Requires the admin role'],
    ['is no token of this list; leave it out to start over', 'not a token of this list; omit it to start over'],
    [/^(\w+) may stand only once$/g, 'Duplicate query parameter "$1"'],
    ['The path holds a broken percent-encoding', 'The path contains an invalid percent-encoding'],
    ['The path holds', 'The path contains'],
    [/The JSON has the key ("(?:[^"\\]|\\.)*") twice, again at/g, 'The JSON has the duplicate key $1 at'],
  ]),
  {
    steps: /^transport: (?:GET|POST) \/\/v1\/health(?: by none)?$/,
    why: 'errors are in the words of the field, and so in the form of the registry',
    response: {
      status: 400,
      headers: { 'content-type': 'application/json' },
      json: { errors: [{ code: 'UNSUPPORTED', message: 'The path contains an empty segment' }] },
    },
  },
];
