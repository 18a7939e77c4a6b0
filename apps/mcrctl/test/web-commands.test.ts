import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runMcrctl } from './_util/run-mcrctl.ts';

/** Each page of the web UI shows the equivalent command. */
const sources = fileURLToPath(new URL('../../mcr-web/src', import.meta.url));

/** A command in a source: its words, and the options after them. */
interface Said {
  readonly words: string;
  readonly options: readonly string[];
}

/** Commands in literals, and in calls such as `mcrctl('repo', 'list', option('search', search))`. */
function commandsIn(source: string): Said[] {
  const literals = [...source.matchAll(/'mcrctl ([^'\n]*)'/g)].map(([, words = '']) => ({ words, options: [] }));
  const calls = [...source.matchAll(/(?<!function )\bmcrctl\(/g)].flatMap(({ index, 0: { length } }) =>
    commandOf(listed(source.slice(index + length))),
  );
  return [...literals, ...calls];
}

/** All commands that a call may produce: its leading literals, and each branch of a conditional. */
function commandOf(values: readonly string[]): Said[] {
  const options = [...values.join(' ').matchAll(/(?:\b(?:option|each)\('|'--)([\w-]+)'/g)].map(([, name = '']) => name);
  let paths: string[][] = [[]];
  for (const value of values) {
    const words = [...value.matchAll(/'([a-z]+)'/g)].map(([, word = '']) => word);
    const isChoice = value.includes('?') && words.length === 2;
    if (!isChoice && value !== `'${words[0]}'`) break;
    paths = paths.flatMap((path) => words.map((word) => [...path, word]));
  }
  return paths.map((path) => ({ words: path.join(' '), options }));
}

/** The arguments from here to the closing parenthesis of the call. */
function listed(text: string): string[] {
  const values = [''];
  let depth = 0;
  for (const character of text) {
    if (depth === 0 && character === ')') break;
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth === 0 && character === ',') values.push('');
    else values[values.length - 1] += character;
  }
  return values.map((value) => value.trim()).filter((value) => value !== '');
}

test('finds commands in literals and in calls with any values', () => {
  const source = `empty('x', 'mcrctl gc'); mcrctl('repo', 'list', option('search', f(s)));
    mcrctl(a === b ? 'tag' : 'manifest', 'list', name)`;
  expect(commandsIn(source)).toEqual([
    { words: 'gc', options: [] },
    { words: 'repo list', options: ['search'] },
    { words: 'tag list', options: [] },
    { words: 'manifest list', options: [] },
  ]);
});

describe('the commands of the web UI', () => {
  const files = globSync('**/*.ts', { cwd: sources, exclude: ['**/*.test.ts'] });
  const said = files.flatMap((file) => commandsIn(readFileSync(`${sources}/${file}`, 'utf8')));

  test('are found', () => {
    const words = said.map((it) => it.words);
    expect(words).toEqual(
      expect.arrayContaining(['storage', 'gc', 'policy delete', 'manifest list', 'policy explain']),
    );
  });

  test.each(said)('mcrctl $words $options is a command', async ({ words, options }) => {
    const { stdout } = await runMcrctl([...words.split(' '), '--help']);
    expect(stdout).toMatch(new RegExp(`^Usage: mcrctl ${words}\\b`, 'm'));
    for (const name of options.filter((it) => it !== 'help')) expect(stdout).toMatch(new RegExp(`--${name}\\b`));
  });
});
