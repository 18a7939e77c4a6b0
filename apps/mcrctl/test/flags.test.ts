import { commandWords } from '@mcr/cli';
import { describe, expect, test } from 'vitest';
import type { globalOptions } from '../src/cli/global-options.ts';
import type { Option } from '../src/cli/option.ts';
import { parseArguments } from '../src/cli/parse.ts';
import { commandSet } from '../src/commands/index.ts';

/** A value that the option accepts, and the resulting argument. */
function sampleOf({ type, array, choices }: Option): { readonly words: readonly string[]; readonly value: unknown } {
  if (type === 'boolean') return { words: [], value: true };
  const values = (choices ?? ['7', 'text with spaces']).slice(0, 2).map(String);
  return array === true ? { words: values, value: values } : { words: values.slice(0, 1), value: values[0] };
}

const cases = commandSet.commands.flatMap((command) => {
  const positionals = Object.values(command.positionals ?? {}).map(({ choices }) => choices?.[0] ?? 'team/app');
  return Object.entries(command.options).map(([name, option]) => ({ command, positionals, name, option }));
});

describe('every option', () => {
  test.each(cases.map((it) => ({ ...it, line: `${commandWords(it.command).join(' ')} --${it.name}` })))(
    '$line is parsed',
    async ({ command, positionals, name, option }) => {
      const { words, value } = sampleOf(option);
      const flags = words.length === 0 ? [`--${name}`] : words.flatMap((word) => [`--${name}`, word]);
      const { args, command: found } = await parseArguments(
        [...commandWords(command), ...positionals, ...flags],
        commandSet,
      );
      expect(found).toBe(command);
      expect(args[name]).toEqual(value);
    },
  );

  const short = cases.filter(({ option }) => typeof option.alias === 'string');
  test.each(
    short.map((it) => ({ ...it, line: `${commandWords(it.command).join(' ')} -${it.option.alias as string}` })),
  )('$line is its short form', async ({ command, positionals, name, option }) => {
    const { words, value } = sampleOf(option);
    const argv = [...commandWords(command), ...positionals, `-${option.alias as string}`, ...words];
    expect((await parseArguments(argv, commandSet)).args[name]).toEqual(value);
  });
});

describe('every global option', () => {
  const expected = {
    server: ['serverValue', { server: 'serverValue' }],
    context: ['prod', { context: 'prod' }],
    grpc: ['grpcValue', { grpc: 'grpcValue' }],
    token: ['tokenValue', { token: 'tokenValue' }],
    'ca-cert': ['file', { caCert: 'file' }],
    timeout: ['5m', { timeout: '5m' }],
    json: ['name,value', { json: 'name,value' }],
    output: ['yaml', { output: 'yaml' }],
    quiet: [undefined, { quiet: true }],
    'no-color': [undefined, { noColor: true }],
  } as const satisfies Record<keyof typeof globalOptions, readonly [string | undefined, object]>;

  test.each(Object.entries(expected))('--%s is parsed behind a command', async (name, [value, args]) => {
    const argv = ['config', `--${name}`, ...(value === undefined ? [] : [value])];
    expect((await parseArguments(argv, commandSet)).args).toMatchObject(args);
  });

  test.each(Object.entries(expected).filter(([name]) => name !== 'json'))(
    '--%s is parsed in front of a command',
    async (name, [value, args]) => {
      const argv = [`--${name}`, ...(value === undefined ? [] : [value]), 'repo', 'list'];
      expect((await parseArguments(argv, commandSet)).args).toMatchObject(args);
    },
  );

  test('is the same if it is given last', async () => {
    const argv = ['--server', 'a', 'config', '--server', 'b', '--timeout=1s', '--timeout=2s', '-q', '-q'];
    expect((await parseArguments(argv, commandSet)).args).toMatchObject({ server: 'b', timeout: '2s', quiet: true });
  });
});

describe('--json', () => {
  test.each([
    [['--json', 'status'], ''],
    [['status', '--json'], ''],
    [['status', '--json', '--quiet'], ''],
    [['status', '--json', 'version'], 'version'],
    [['status', '--json', 'version,status'], 'version,status'],
    [['status', '--json=version'], 'version'],
    [['repo', 'show', '--json', 'team/app'], ''],
    [['policy', 'create', '--json', '{"effect":"deny"}'], '{"effect":"deny"}'],
    [['policy', '--json', 'list'], ''],
    [['policy', '--json', 'id,effect', 'list'], 'id,effect'],
    [['gc', '--json', 'status'], ''],
    [['gc', '--json', 'state'], 'state'],
    [['--server', 'repo', '--json', 'status'], ''],
  ])('in %j is %j', async (argv, json) => {
    expect((await parseArguments(argv, commandSet)).args.json).toBe(json);
  });
});
