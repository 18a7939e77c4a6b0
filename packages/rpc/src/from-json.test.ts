import { create, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromJson, fromWords } from './from-json.ts';
import { CreateAccountRequestSchema, UpdateAccountRequestSchema } from './gen/mcr/v1/admin_pb.ts';
import { AuditEventSchema, ListAuditEventsRequestSchema } from './gen/mcr/v1/audit_pb.ts';
import {
  CreatePolicyRuleRequestSchema,
  ExplainPolicyRequestSchema,
  GetPolicyRuleRequestSchema,
  UpdatePolicyRuleRequestSchema,
} from './gen/mcr/v1/policy_pb.ts';
import { ListTagsRequestSchema } from './gen/mcr/v1/registry_pb.ts';
import { toJson } from './to-json.ts';

/** Parses text like a body: `__proto__` is a key like any other. */
const read = (schema: DescMessage, text: string) => fromJson(schema, JSON.parse(text) as Record<string, unknown>);
const allOf = (schema: DescMessage, text: string) =>
  read(schema, text).problems.map(({ field, problem }) => `${field}: ${problem}`);
/** The problems of fields that are present. */
const problemsOf = (schema: DescMessage, text: string) =>
  allOf(schema, text).filter((it) => !it.endsWith(': must be given'));

/** Reads a valid message. */
function message<Desc extends DescMessage>(schema: Desc, text: string): MessageShape<Desc> {
  expect(problemsOf(schema, text)).toEqual([]);
  return create<Desc>(schema, read(schema, text).message as never);
}

describe('reads messages in the form that REST writes', () => {
  test('with numbers for integers, arrays for lists, and nothing for what is absent', () => {
    const rule = message(
      CreatePolicyRuleRequestSchema,
      '{"priority": 7, "effect": "deny", "account_types": ["human"], "enabled": false, "subject": null}',
    );
    expect(rule).toMatchObject({ priority: 7, effect: 'deny', accountTypes: ['human'], enabled: false, subject: '' });
    expect(message(CreatePolicyRuleRequestSchema, '{}').enabled).toBeUndefined();
  });

  test('with 64-bit integers, and arrays for the lists of an update, which may be empty', () => {
    const rule = message(UpdatePolicyRuleRequestSchema, '{"id": 9007199254740991, "roles": [], "actions": ["a"]}');
    expect(rule.id).toBe(9_007_199_254_740_991n);
    expect([rule.roles?.values, rule.actions?.values, rule.repositories]).toEqual([[], ['a'], undefined]);
  });

  test('with messages in messages', () => {
    const { principal } = message(
      ExplainPolicyRequestSchema,
      '{"action": "a", "principal": {"account_type": "human"}}',
    );
    expect(principal).toMatchObject({ id: '', accountType: 'human', roles: [] });
  });

  test.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.123456Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00+02:00', '2026-01-31T10:00:00.000Z'],
    ['2026-01-31T12:00Z', '2026-01-31T12:00:00.000Z'],
  ])('with the time %s', (text, time) => {
    const request = message(ListAuditEventsRequestSchema, JSON.stringify({ since: text }));
    expect(toJson(ListAuditEventsRequestSchema, request)['since']).toBe(time);
  });

  test('which gives back the message that was written', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.maxSafeInteger(),
        fc.array(fc.string({ unit: 'binary' })),
        (text, id, values) => {
          const rule = create(UpdatePolicyRuleRequestSchema, { id: BigInt(id), description: text, roles: { values } });
          const written = JSON.stringify(toJson(UpdatePolicyRuleRequestSchema, rule));
          expect(message(UpdatePolicyRuleRequestSchema, written)).toEqual(rule);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('a required field', () => {
  test.each([
    ['{}', ['username: must be given', 'password: must be given']],
    ['{"password": ""}', ['username: must be given']],
    ['{"username": "", "password": ""}', []],
    ['{"username": null, "password": 1}', ['username: must be a text', 'password: must be a text']],
  ])('must be present, possibly empty: %s', (json, problems) => {
    expect(allOf(CreateAccountRequestSchema, json)).toEqual(problems);
  });
});

describe('rejects other forms', () => {
  test.each<[why: string, schema: DescMessage, json: string, problems: string[]]>([
    [
      'a name in camelCase',
      CreateAccountRequestSchema,
      '{"accountType": "human"}',
      ['body: unknown field "accountType"'],
    ],
    ['an unknown field', CreateAccountRequestSchema, '{"usernam": "a"}', ['body: unknown field "usernam"']],
    [
      'an unknown field inside',
      ExplainPolicyRequestSchema,
      '{"principal": {"nmae": 1}}',
      ['principal: unknown field "nmae"'],
    ],
    ['__proto__', CreateAccountRequestSchema, '{"__proto__": {"username": "a"}}', ['body: unknown field "__proto__"']],
    ['constructor', CreateAccountRequestSchema, '{"constructor": 1}', ['body: unknown field "constructor"']],
    ['$typeName', CreateAccountRequestSchema, '{"$typeName": "a"}', ['body: unknown field "$typeName"']],
    [
      'a long unknown name, in part',
      CreateAccountRequestSchema,
      `{"${'x'.repeat(99)}": 1}`,
      [`body: unknown field "${'x'.repeat(64)}"`],
    ],
    ['null', CreateAccountRequestSchema, '{"username": null}', ['username: must be a text']],
    ['null for a list', CreateAccountRequestSchema, '{"roles": null}', ['roles: must be an array']],
    ['null for the list of an update', UpdateAccountRequestSchema, '{"roles": null}', ['roles: must be an array']],
    ['null in a list', CreateAccountRequestSchema, '{"roles": ["a", null]}', ['roles.1: must be a text']],
    ['null for a message', ExplainPolicyRequestSchema, '{"principal": null}', ['principal: must be an object']],
    ['null for a flag', UpdateAccountRequestSchema, '{"enabled": null}', ['enabled: must be true or false']],
    ['a number for a text', CreateAccountRequestSchema, '{"username": 1}', ['username: must be a text']],
    ['an array for a text', CreateAccountRequestSchema, '{"username": ["a"]}', ['username: must be a text']],
    ['a text for a flag', UpdateAccountRequestSchema, '{"enabled": "true"}', ['enabled: must be true or false']],
    ['a number for a flag', UpdateAccountRequestSchema, '{"enabled": 1}', ['enabled: must be true or false']],
    ['a text for a number', CreatePolicyRuleRequestSchema, '{"priority": "1"}', ['priority: must be a whole number']],
    ['a fraction', CreatePolicyRuleRequestSchema, '{"priority": 1.5}', ['priority: must be a whole number']],
    [
      'more than 32 bits',
      CreatePolicyRuleRequestSchema,
      '{"priority": 2147483648}',
      ['priority: must be at most 2147483647'],
    ],
    ['infinity', CreatePolicyRuleRequestSchema, '{"priority": 1e999}', ['priority: must be a whole number']],
    ['a text for 64 bits', UpdatePolicyRuleRequestSchema, '{"id": "1"}', ['id: must be a whole number']],
    ['a fraction of 64 bits', UpdatePolicyRuleRequestSchema, '{"id": 0.1}', ['id: must be a whole number']],
    [
      'more than JSON keeps',
      UpdatePolicyRuleRequestSchema,
      '{"id": 9007199254740993}',
      ['id: must be at most 9007199254740991'],
    ],
    [
      'less than JSON keeps',
      UpdatePolicyRuleRequestSchema,
      '{"id": -9007199254740993}',
      ['id: must be at least -9007199254740991'],
    ],
    ['a text for a list', CreateAccountRequestSchema, '{"roles": "a"}', ['roles: must be an array']],
    ['an object for a list', UpdateAccountRequestSchema, '{"roles": {"values": ["a"]}}', ['roles: must be an array']],
    ['a list for a message', ExplainPolicyRequestSchema, '{"principal": []}', ['principal: must be an object']],
    ['a text for a message', ExplainPolicyRequestSchema, '{"principal": "a"}', ['principal: must be an object']],
    [
      'something inside a message',
      ExplainPolicyRequestSchema,
      '{"principal": {"roles": ["a", 1]}}',
      ['principal.roles.1: must be a text'],
    ],
  ])('%s', (_, schema, json, problems) => {
    expect(problemsOf(schema, json)).toEqual(problems);
  });

  test.each([
    '',
    'yesterday',
    '2026-01-31',
    '2026-01-31T12:00:00',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-01-31 12:00:00Z',
    0,
    null,
  ])('the time %j', (since) => {
    const words = 'since: must be a time in RFC 3339, such as 2026-01-31T12:00:00Z';
    expect(problemsOf(ListAuditEventsRequestSchema, JSON.stringify({ since }))).toEqual([words]);
  });

  test('all together, in the order of the JSON', () => {
    const json = '{"roles": [1, "a", 2], "username": 3, "nmae": 4, "password": "good"}';
    expect(problemsOf(CreateAccountRequestSchema, json)).toEqual([
      'roles.0: must be a text',
      'roles.2: must be a text',
      'username: must be a text',
      'body: unknown field "nmae"',
    ]);
  });

  test('and does not change any prototype', () => {
    read(
      CreateAccountRequestSchema,
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('reads fields from strings of a path or a query', () => {
  const words = (schema: DescMessage, fields: Record<string, string>) =>
    fromWords(schema, new Map(Object.entries(fields)));

  test('by the type of the field, where it has one', () => {
    expect(words(ListTagsRequestSchema, { repository: 'a/b', details: 'true', page_size: '-3', unknown: 'x' })).toEqual(
      {
        message: { repository: 'a/b', details: true, pageSize: -3 },
        problems: [],
      },
    );
    expect(words(GetPolicyRuleRequestSchema, { id: '12' }).message).toEqual({ id: 12n });
  });

  test.each<[schema: DescMessage, fields: Record<string, string>, problem: string]>([
    [GetPolicyRuleRequestSchema, { id: '' }, 'id: must be a whole number'],
    [GetPolicyRuleRequestSchema, { id: '0x1' }, 'id: must be a whole number'],
    [GetPolicyRuleRequestSchema, { id: '1e3' }, 'id: must be a whole number'],
    [GetPolicyRuleRequestSchema, { id: ' 1' }, 'id: must be a whole number'],
    [GetPolicyRuleRequestSchema, { id: '01' }, 'id: must be a whole number'],
    [GetPolicyRuleRequestSchema, { id: '-0' }, 'id: must be a whole number'],
    [GetPolicyRuleRequestSchema, { id: '9007199254740993' }, 'id: must be at most 9007199254740991'],
    [GetPolicyRuleRequestSchema, { id: '99999999999999999' }, 'id: must be at most 9007199254740991'],
    [ListTagsRequestSchema, { details: '1' }, 'details: must be true or false'],
    [ListTagsRequestSchema, { details: 'TRUE' }, 'details: must be true or false'],
    [ListAuditEventsRequestSchema, { since: 'now' }, 'since: must be a time in RFC 3339, such as 2026-01-31T12:00:00Z'],
  ])('not $1', (schema, fields, problem) => {
    expect(words(schema, fields).problems.map((it) => `${it.field}: ${it.problem}`)).toEqual([problem]);
  });

  test('but not lists and maps', () => {
    expect(words(CreatePolicyRuleRequestSchema, { roles: 'a' })).toEqual({ message: {}, problems: [] });
    expect(words(AuditEventSchema, { details: 'a' })).toEqual({ message: {}, problems: [] });
  });
});
