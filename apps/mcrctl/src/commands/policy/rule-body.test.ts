import { describe, expect, test } from 'vitest';
import { readRules } from './read-rules.ts';
import { isBuiltIn, parseRuleBody, parseRuleChange } from './rule-body.ts';

const input = (text: string) => ({
  stdin: { isTerminal: false, readAll: async () => text, ask: async () => undefined },
  signal: new AbortController().signal,
});
const nothing = input('');

describe('a rule in JSON', () => {
  test('is the output of policy list, without fields of the server', async () => {
    const printed = {
      id: 3,
      priority: 10,
      effect: 'deny',
      enabled: false,
      roles: ['ci'],
      account_types: ['system'],
      subject: null,
      actions: ['registry:push'],
      repositories: ['prod/*'],
      description: 'No pushes',
      created_by: 'somebody',
      created_at: '2026-11-23T22:00:00Z',
      updated_at: null,
    };
    expect(await parseRuleBody(printed, 'stdin')).toEqual({
      priority: 10,
      effect: 'deny',
      enabled: false,
      roles: ['ci'],
      account_types: ['system'],
      actions: ['registry:push'],
      repositories: ['prod/*'],
      description: 'No pushes',
    });
  });

  test.each([
    [{ role: ['ci'] }, 'invalid rule: unknown field "role"'],
    [{ constructor: 'x' }, 'invalid rule: unknown field "constructor"'],
    [{ priority: '10' }, 'invalid rule: priority must be a whole number'],
    [{ priority: 1.5 }, 'invalid rule: priority must be a whole number'],
    [{ effect: 1 }, 'invalid rule: effect must be a text'],
    [{ roles: 'ci' }, 'invalid rule: roles must be an array'],
    [{ actions: [1] }, 'invalid rule: actions.0 must be a text'],
    [{ enabled: 'yes' }, 'invalid rule: enabled must be true or false'],
    [['deny'], 'stdin contains something other than rules'],
    ['deny', 'stdin contains something other than rules'],
    [null, 'stdin contains something other than rules'],
  ])('%j is rejected', async (value, message) => {
    await expect(parseRuleBody(value, 'stdin')).rejects.toThrow(expect.objectContaining({ message, exitCode: 2 }));
  });

  test('is built in if its id is negative', () => {
    expect([{ id: -1 }, { id: 1 }, {}, null, -1].map(isBuiltIn)).toEqual([true, false, false, false, false]);
  });
});

describe('a change in JSON', () => {
  test('treats a subject of null as any, and omits fields of the server', async () => {
    expect(await parseRuleChange({ subject: null }, 'stdin')).toEqual({ subject: '' });
    expect(await parseRuleChange({ id: 3, updated_at: null, enabled: false }, 'stdin')).toEqual({ enabled: false });
  });

  test.each([
    [{}, 'stdin contains no change'],
    [{ id: 3, created_by: null }, 'stdin contains no change'],
    [{ roles: null }, 'invalid rule: roles must be an array'],
    [{ effekt: 'deny' }, 'invalid rule: unknown field "effekt"'],
    [null, 'stdin contains something other than rules'],
  ])('%j is rejected', async (value, message) => {
    await expect(parseRuleChange(value, 'stdin')).rejects.toThrow(expect.objectContaining({ message, exitCode: 2 }));
  });
});

describe('the source of rules', () => {
  test.each([
    ['one object', '{"a":1}', [{ a: 1 }]],
    ['an object over several lines', '{\n  "a": 1\n}\n', [{ a: 1 }]],
    ['one object a line', '{"a":1}\n\n{"b":2}\n', [{ a: 1 }, { b: 2 }]],
    ['a list', '[{"a":1},{"b":2}]', [{ a: 1 }, { b: 2 }]],
  ])('may be %s', async (_name, text, rules) => {
    expect(await readRules({ file: '-' }, input(text))).toEqual(rules);
  });

  test('is --json if that is a body, and none if it lists fields', async () => {
    expect(await readRules({ json: '{"a":1}' }, nothing)).toEqual([{ a: 1 }]);
    expect(await readRules({ json: 'id,effect' }, nothing)).toBeUndefined();
    expect(await readRules({ json: '' }, nothing)).toBeUndefined();
  });

  test.each([
    ['nothing', { file: '-' }, '', 'stdin contains no rule'],
    ['text that is not JSON', { file: '-' }, '{"a":1}\n{"b"\n', String.raw`stdin is not JSON: see "{\"b\""`],
    ['a body that is not JSON', { json: '{effect}' }, '', '--json is not JSON: see "{effect}"'],
    ['two bodies', { json: '{}', file: '-' }, '{}', '--json and --file both contain rules'],
    ['a file that does not exist', { file: '/nonexistent/rules' }, '', 'cannot read /nonexistent/rules'],
  ])('may not be %s', async (_name, args, text, message) => {
    await expect(readRules(args, input(text))).rejects.toThrow(message);
  });
});
