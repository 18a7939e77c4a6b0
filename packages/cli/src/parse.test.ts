import { expect, test } from 'vitest';
import { findText } from './help.ts';
import { parseCommandLine } from './parse.ts';
import type { Program } from './program.ts';

const program: Program = {
  name: 'demo',
  describe: 'A program',
  version: '1.2.3',
  groups: { item: 'Items' },
  globalOptions: {},
  commands: [
    { name: 'run', describe: 'Run', options: { port: { type: 'number' } }, examples: [['demo run', 'Run']] },
    {
      name: 'item add <name> [note]',
      oldNames: ['item create'],
      describe: 'Add an item',
      positionals: { name: { describe: 'Name' }, note: { describe: 'Note', optional: true } },
      options: {
        kind: { type: 'string', requiresArg: true, choices: ['a', 'b'], alias: 'k', describe: 'Kind' },
        'on-host': { type: 'string', array: true, requiresArg: true, describe: 'Host' },
        dry: { type: 'boolean', default: false, describe: 'Change nothing' },
      },
      examples: [['demo item add x', 'Add x']],
      notes: ['An item has a name.'],
    },
  ],
};

test.each([
  ['no command', '', 'no command given', 'see demo --help'],
  ['a mistyped command', 'rum', 'Unknown command; did you mean run?', 'see demo --help'],
  ['a noun alone', 'item', 'no command given', 'see demo item --help'],
  ['an unknown option', 'item add x --frob', 'Unknown argument: frob', 'see demo item add --help'],
  ['an unknown short option', 'item add x -z', 'Unknown argument: z', 'see demo item add --help'],
  ['a negated option', 'item add x --no-dry', 'Unknown arguments: no-dry, noDry', 'see demo item add --help'],
  ['an option of another command', 'run --kind a', 'Unknown argument: kind', 'see demo run --help'],
  ['an option without its value', 'item add x --kind', '--kind needs a value', 'see demo item add --help'],
  ['a list without a value', 'item add x --on-host', '--on-host needs a value', 'see demo item add --help'],
  ['a word too many', 'item add x y z', 'Unknown argument: z', 'see demo item add --help'],
  ['a word too few, by an old name', 'item create', 'missing argument <name>', 'see demo item add --help'],
  ['a value that is no choice', 'item add x --kind c', 'invalid value "c" for --kind', 'use one of a, b'],
  ['a number that is none', 'run --port x', '--port must be a number', 'see demo run --help'],
])('%s is invalid usage: exit code 2, the error, and where to find help', async (_, line, message, hint) => {
  const argv = line.split(' ').filter((word) => word !== '');
  await expect(parseCommandLine(argv, program)).rejects.toMatchObject({ message, hint, exitCode: 2 });
});

test.each([
  ['item add x --kind a -k b', { name: 'x', kind: 'b' }],
  ['item add x --on-host a --on-host b', { 'on-host': ['a', 'b'], onHost: ['a', 'b'] }],
  ['item add --on-host a x', { name: 'x', 'on-host': ['a'] }],
  ['item add 7 --dry --dry', { name: '7', dry: true }],
  ['run --port 1 --port 2', { port: 2 }],
])('of %s, lists keep every value and other options the last', async (line, args) => {
  expect((await parseCommandLine(line.split(' '), program)).args).toMatchObject(args);
});

test.each([
  ['--version', '1.2.3\n'],
  ['help item add', 'Add an item\n'],
  ['item add -h', 'Add an item\n'],
  ['item --help', 'Items\n'],
  ['--help teleport', 'A program\n'],
])('%s shows a text, before anything is parsed', (line, start) => {
  expect(findText(line.split(' '), program, 80)?.startsWith(start)).toBe(true);
});

test('the help of a command has its arguments, options, examples and notes', () => {
  expect(findText(['item', 'add', '--help'], program, 80)).toMatchInlineSnapshot(`
    "Add an item

    Usage: demo item add <name> [note] [options]

    Arguments:
      name  Name
      note  Note

    Options:
      -k, --kind KIND        Kind (a, b)
          --on-host ON-HOST  Host
          --dry              Change nothing

    Examples:
      # Add x
      demo item add x

    An item has a name.
    "
  `);
});

test('a line that asks for neither help nor version shows no text', () => {
  expect(findText(['item', 'add', 'x'], program, 80)).toBeUndefined();
});
