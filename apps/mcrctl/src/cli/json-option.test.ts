import { expect, test } from 'vitest';
import { completionCommand } from '../commands/completion/completion.ts';
import { policyCreateCommand } from '../commands/policy/create.ts';
import { statusCommand } from '../commands/status/status.ts';
import { selectFields } from './json-option.ts';

const names = (json: string, command = statusCommand) => selectFields(json, command).map(({ name }) => name);

test('--json alone selects every field', () => {
  expect(names('')).toEqual(['server', 'status', 'version', 'commit', 'checks', 'counts', 'policy_default']);
});

test('fields are selected in the order given', () => {
  expect(names('version,server')).toEqual(['version', 'server']);
});

test('an unknown field lists the existing ones', () => {
  expect(() => names('version,verzion')).toThrow(
    expect.objectContaining({
      message: 'unknown JSON field "verzion"',
      hint: 'the fields are server, status, version, commit, checks, counts, policy_default; put --json last for all of them',
      exitCode: 2,
    }),
  );
});

test('a body selects every field of a command that accepts one, and is an unknown field for others', () => {
  expect(names('{"effect":"deny"}', policyCreateCommand)).toContain('effect');
  expect(() => names('{"effect":"deny"}')).toThrow('unknown JSON field "{"effect":"deny"}"');
});

test('a command without data rejects --json', () => {
  expect(() => names('', completionCommand)).toThrow('completion <shell> has no JSON output');
});
