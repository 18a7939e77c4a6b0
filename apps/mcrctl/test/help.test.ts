import { commandWords } from '@mcr/cli';
import { version } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../src/cli/parse.ts';
import { commandSet } from '../src/commands/index.ts';
import { runMcrctl, words } from './_util/run-mcrctl.ts';

const { commands, groups } = commandSet;

test('--version prints the version of the build and nothing else', async () => {
  expect(await runMcrctl(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

describe('the help', () => {
  const asked = [[], ...Object.keys(groups).map((noun) => [noun]), ...commands.map(commandWords)];

  test.each(asked.map((it) => ['mcrctl', ...it].join(' ')))('of %s', async (line) => {
    const { exitCode, stdout, stderr } = await runMcrctl([...words(line).slice(1), '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatchSnapshot();
  });

  test.each([
    ['-h behind the command', ['repo', 'list', '-h']],
    ['--help in front of it', ['--help', 'repo', 'list']],
    ['help as the first word', ['help', 'repo', 'list']],
    ['--help behind options with values', ['--server', 'x', 'repo', '--quiet', 'list', '--help']],
  ])('is shown for %s', async (_name, argv) => {
    const { stdout } = await runMcrctl(argv);
    expect(stdout).toBe((await runMcrctl(['repo', 'list', '--help'])).stdout);
  });

  test.each(['teleport', 'toString', '__proto__'])('of %s, which does not exist, is that of all', async (word) => {
    expect((await runMcrctl([word, '--help'])).stdout).toBe((await runMcrctl(['--help'])).stdout);
  });

  test.each([60, 80, 200])('is at most %d columns wide', async (columns) => {
    for (const argv of asked) {
      const { stdout } = await runMcrctl([...argv, '--help'], { columns });
      const prose = stdout.split('\n').filter((line) => !line.startsWith('  mcrctl') && !line.startsWith('Usage:'));
      expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(Math.min(columns, 100));
    }
  });
});

describe('examples', () => {
  const lines = commands.flatMap(({ examples, name }) => examples.map(([line]) => [name, line] as const));

  test('exist for every command', () => {
    expect(commands.filter(({ examples }) => examples.length === 0)).toEqual([]);
  });

  test.each(lines)('of %s can be parsed: %s', async (name, line) => {
    const calls = line.split(/[|()<>]+/).map((part) => part.trim());
    const parsed = await Promise.all(
      calls.filter((call) => call.startsWith('mcrctl')).map((call) => parseArguments(words(call).slice(1), commandSet)),
    );
    expect(parsed.map(({ command }) => command.name)).toContain(name);
  });
});

test.each([
  ['no command', '', 'no command given', 'see mcrctl --help'],
  ['a mistyped command', 'stats', 'Unknown command; did you mean status?', 'see mcrctl --help'],
  ['an unknown command', 'teleport', 'Unknown argument: teleport', 'see mcrctl --help'],
  ['a noun without a verb', 'policy', 'no command given', 'see mcrctl policy --help'],
  ['a mistyped verb', 'policy lst', 'Unknown command; did you mean list?', 'see mcrctl policy --help'],
  ['an unknown option', 'status --frob', 'Unknown argument: frob', 'see mcrctl status --help'],
  ['an option of another command', 'gc status --wait', 'Unknown argument: wait', 'see mcrctl gc status --help'],
  ['an option without its value', 'status --server', '--server needs a value', 'see mcrctl status --help'],
  ['a word too many', 'status now', 'Unknown argument: now', 'see mcrctl status --help'],
  ['a word too few', 'repo get', 'missing argument <repository>', 'see mcrctl repo get --help'],
  ['a shell that is not known', 'completion tcsh', 'invalid value "tcsh" for shell', 'use one of bash, zsh, fish'],
  [
    'an effect that is none',
    'policy create --effect maybe',
    'invalid value "maybe" for --effect',
    'use one of allow, deny',
  ],
])('%s is invalid usage and leads to the way out', async (_name, line, message, hint) => {
  expect(await runMcrctl(words(line))).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `error: ${message}\nhint: ${hint}\n`,
  });
});
