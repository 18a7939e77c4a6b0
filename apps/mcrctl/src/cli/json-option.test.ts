import { expect, test } from 'vitest';
import { completionCommand } from '../commands/completion/completion.ts';
import { policyCreateCommand } from '../commands/policy/create.ts';
import { statusCommand } from '../commands/status/status.ts';
import { selectFields } from './json-option.ts';

const names = (json: string | undefined, command = statusCommand) =>
  selectFields(json, command)?.map(({ name }) => name);

test('without --json nothing is selected', () => {
  expect(names(undefined)).toBeUndefined();
});

test('--json alone selects every field', () => {
  expect(names('')).toEqual(['server', 'status', 'version', 'commit', 'checks', 'counts']);
});

test('named fields come in the order in which they are named', () => {
  expect(names('version,server')).toEqual(['version', 'server']);
});

test('a field that does not exist leads to those that do', () => {
  expect(() => names('version,verzion')).toThrow(
    expect.objectContaining({
      message: 'there is no JSON field "verzion" here',
      hint: 'the fields are server, status, version, commit, checks, counts; write --json last for all of them',
      exitCode: 2,
    }),
  );
});

test('a body selects every field of a command that takes one, and is no field of others', () => {
  expect(names('{"effect":"deny"}', policyCreateCommand)).toContain('effect');
  expect(() => names('{"effect":"deny"}')).toThrow('there is no JSON field "{"effect":"deny"}" here');
});

test('a command without data takes no --json', () => {
  expect(() => names('', completionCommand)).toThrow('completion <shell> prints no JSON');
});
