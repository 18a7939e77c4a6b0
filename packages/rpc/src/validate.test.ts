import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import type { FieldRules } from './api.ts';
import { fromJson } from './from-json.ts';
import { CreateAccountRequestSchema, UpdateAccountRequestSchema } from './gen/mcr/v1/admin_pb.ts';
import { GetActivityRequestSchema } from './gen/mcr/v1/audit_pb.ts';
import {
  CreatePolicyRuleRequestSchema,
  ExplainPolicyRequestSchema,
  GetPolicyRuleRequestSchema,
  UpdatePolicyRuleRequestSchema,
} from './gen/mcr/v1/policy_pb.ts';
import { PlanTagDeletionRequestSchema, PlanTagDeletionResponseSchema } from './gen/mcr/v1/registry_pb.ts';
import { validate } from './validate.ts';

const words = (problems: ReturnType<typeof validate>) => problems.map(({ field, problem }) => `${field}: ${problem}`);

type Account = MessageInitShape<typeof CreateAccountRequestSchema>;

/** Problems of a valid account with these fields changed, by these rules for one of them. */
function account(fields: Account, rules?: Record<string, FieldRules>): string[] {
  const message = create(CreateAccountRequestSchema, { username: 'ann', password: 'p', ...fields });
  return words(validate(CreateAccountRequestSchema, message, rules && { [message.$typeName]: rules }));
}

// What each rule means: https://buf.build/docs/protovalidate/schemas/standard-rules/
describe('a string', () => {
  const face = '😀';

  test.each<[why: string, rules: FieldRules, username: string, problems: string[]]>([
    ['has at least min_len characters', { string: { minLen: 2 } }, 'a', ['username: must have at least 2 characters']],
    [
      'has at least min_len characters, which an emoji is one of',
      { string: { minLen: 2 } },
      face,
      ['username: must have at least 2 characters'],
    ],
    ['may have exactly min_len characters', { string: { minLen: 2 } }, `${face}a`, []],
    ['must not be empty with a min_len of 1', { string: { minLen: 1 } }, '', ['username: must not be empty']],
    ['has at most max_len characters', { string: { maxLen: 2 } }, 'abc', ['username: must have at most 2 characters']],
    ['has at most max_len characters, which an emoji is one of', { string: { maxLen: 2 } }, face.repeat(2), []],
    [
      'has at most max_len characters, of emoji too',
      { string: { maxLen: 2 } },
      face.repeat(3),
      ['username: must have at most 2 characters'],
    ],
    ['is one of those in the list', { string: { in: ['a', 'b'] } }, 'c', ['username: must be one of a, b']],
    [
      'is one of those in the list as they are written',
      { string: { in: ['a', 'b'] } },
      'A',
      ['username: must be one of a, b'],
    ],
    ['matches the pattern', { string: { pattern: '^a+$' } }, 'ab', ['username: must match ^a+$']],
    ['matches the pattern to its end', { string: { pattern: '^a+$' } }, 'a\n', ['username: must match ^a+$']],
    ['may match the pattern anywhere without anchors', { string: { pattern: 'b' } }, 'abc', []],
    ['matches a pattern by characters', { string: { pattern: '^.$' } }, face, []],
    ['is rejected with the hint', { string: { pattern: '^a+$' }, hint: 'say a' }, 'b', ['username: say a']],
    [
      'is checked for its length before its pattern',
      { string: { maxLen: 1, pattern: '^a+$' }, hint: 'say a' },
      'bb',
      ['username: must have at most 1 characters'],
    ],
  ])('%s', (_, rules, username, problems) => {
    expect(account({ username }, { username: rules })).toEqual(problems);
  });

  test('without presence keeps its rules when it is not set', () => {
    expect(account({ username: '' })).toEqual(['username: must be of a-z 0-9 . _ - and begin with a letter or digit']);
  });

  test('without presence may be empty with IGNORE_IF_ZERO_VALUE', () => {
    expect(account({ accountType: '' })).toEqual([]);
    expect(account({ accountType: 'robot' })).toEqual(['account_type: must be one of human, system']);
  });

  test.each([
    [undefined, []],
    ['', ['effect: must be one of allow, deny']],
    ['deny', []],
  ])('with presence keeps its rules when it is set: %j', (effect, problems) => {
    const update = create(UpdatePolicyRuleRequestSchema, { id: 1n, ...(effect !== undefined && { effect }) });
    expect(words(validate(UpdatePolicyRuleRequestSchema, update))).toEqual(problems);
  });
});

describe('a number', () => {
  test.each([
    [0, ['priority: must be at least 1']],
    [1, []],
    [1_000_000, []],
    [1_000_001, ['priority: must be at most 1000000']],
    [-1, ['priority: must be at least 1']],
  ])('%s keeps gte and lte, also when it is zero and so not set', (priority, problems) => {
    const rule = create(CreatePolicyRuleRequestSchema, { priority, effect: 'allow' });
    expect(words(validate(CreatePolicyRuleRequestSchema, rule))).toEqual(problems);
  });

  test.each([
    [0n, ['id: must be more than 0']],
    [1n, []],
    [9_007_199_254_740_991n, []],
    [9_007_199_254_740_992n, ['id: must be at most 9007199254740991']],
    [9_223_372_036_854_775_807n, ['id: must be at most 9007199254740991']],
    [-9_223_372_036_854_775_808n, ['id: must be more than 0']],
  ])('%s of 64 bits keeps gt and lte', (id, problems) => {
    expect(words(validate(GetPolicyRuleRequestSchema, create(GetPolicyRuleRequestSchema, { id })))).toEqual(problems);
  });

  test('of zero is in bounds that have it', () => {
    expect(validate(GetActivityRequestSchema, create(GetActivityRequestSchema, { days: 0 }))).toEqual([]);
  });
});

describe('a list', () => {
  const role = 'a role is of a-z 0-9 . _ -';
  const many = (length: number) => Array.from({ length }, (_, at) => `r${at}`);

  test.each<[roles: string[], problems: string[]]>([
    [[], []],
    [many(50), []],
    [many(51), ['roles: must have at most 50 items']],
    [
      ['ok', 'Not', 'fine', ''],
      [`roles.1: ${role}`, `roles.3: ${role}`],
    ],
  ])('%j keeps max_items, and its items their rules', (roles, problems) => {
    expect(account({ roles })).toEqual(problems);
  });

  test.each<[roles: string[] | undefined, problems: string[]]>([
    [undefined, []],
    [[], []],
    [many(51), ['roles: must have at most 50 items']],
    [['ok', 'Not'], [`roles.1: ${role}`]],
  ])('%j in an update keeps the rules of mcr.v1.values when it is there', (values, problems) => {
    const message = create(UpdateAccountRequestSchema, { id: 'x', ...(values && { roles: { values } }) });
    expect(words(validate(UpdateAccountRequestSchema, message))).toEqual(problems);
  });

  test.each([
    [0, ['tags: must not be empty']],
    [1, []],
    [1_000, []],
    [1_001, ['tags: must have at most 1000 items']],
  ])('of %s items keeps min_items, also when it is empty and so not set', (length, problems) => {
    const message = create(PlanTagDeletionRequestSchema, { repository: 'a', tags: many(length) });
    expect(words(validate(PlanTagDeletionRequestSchema, message))).toEqual(problems);
  });

  test('with too many items also has the problems of each item', () => {
    expect(account({ roles: [...many(50), 'Not'] })).toEqual([
      'roles: must have at most 50 items',
      `roles.50: ${role}`,
    ]);
  });
});

test('no more than 300 problems are reported, however many there are', () => {
  const roles = Array.from({ length: 500_000 }, () => '');
  expect(validate(CreateAccountRequestSchema, create(CreateAccountRequestSchema, { roles }))).toHaveLength(300);
  expect(fromJson(CreateAccountRequestSchema, { roles: roles.map(() => 1) }).problems).toHaveLength(300);
});

describe('a message in a message', () => {
  const explain = (principal?: MessageInitShape<typeof ExplainPolicyRequestSchema>['principal']) =>
    words(
      validate(
        ExplainPolicyRequestSchema,
        create(ExplainPolicyRequestSchema, { action: 'registry:pull', ...(principal && { principal }) }),
      ),
    );

  test('has its own rules if it is present', () => {
    expect(explain()).toEqual([]);
    expect(explain({ accountType: 'robot', roles: ['ok', 'x'.repeat(129)] })).toEqual([
      'principal.account_type: must be one of human, system, anonymous',
      'principal.roles.1: must have at most 128 characters',
    ]);
  });

  test('applies them also in lists, which may have rules of their own', () => {
    const manifests = [{ digest: 'a' }, { digest: '' }];
    const response = create(PlanTagDeletionResponseSchema, { plan: { manifests } });
    const rules = {
      'mcr.v1.TagDeletionPlan': { manifests: { list: { maxItems: 1 } } },
      'mcr.v1.Manifest': { digest: { string: { minLen: 1 } } },
    } as const;
    expect(words(validate(PlanTagDeletionResponseSchema, response, rules))).toEqual([
      'plan.manifests: must have at most 1 items',
      'plan.manifests.1.digest: must not be empty',
    ]);
    expect(validate(PlanTagDeletionResponseSchema, create(PlanTagDeletionResponseSchema), rules)).toEqual([]);
  });
});
