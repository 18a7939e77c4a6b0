import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseArguments } from '../src/cli/parse.ts';
import { commandSet } from '../src/commands/index.ts';
import { runMcrctl, words } from './_util/run-mcrctl.ts';

/** The web UI says on each page which command shows the same. */
const sources = fileURLToPath(new URL('../../mcr-web/src', import.meta.url));

/** Commands in the literals of a source; what is put in becomes a word, and what is there only sometimes is left out. */
function commandsIn(source: string): string[] {
  const plain = [...source.matchAll(/'(mcrctl [^'\n]*)'/g)].map(([, line]) => line ?? '');
  const templates = [...source.matchAll(/`(mcrctl (?:\$\{(?:[^{}`]|`[^`]*`)*\}|[^`$])*)`/g)].map(
    ([, line]) => line ?? '',
  );
  const fill = (expression: string): string => (expression.includes('?') ? '' : '7');
  return [
    ...plain,
    ...templates.map((line) => line.replaceAll(/\$\{((?:[^{}`]|`[^`]*`)*)\}/g, (_all, it: string) => fill(it))),
  ];
}

const files = globSync('**/*.ts', { cwd: sources, exclude: ['**/*.test.ts'] });
const lines = files.flatMap((file) => commandsIn(readFileSync(`${sources}/${file}`, 'utf8')));

test('a command in a literal is found, whatever is put into it', () => {
  const source = [
    "empty('x', 'mcrctl gc')",
    "`mcrctl repo list${s === '' ? '' : ` --search ${s}`}`",
    '`mcrctl tag list ${a.b}`',
  ];
  expect(commandsIn(source.join('\n'))).toEqual(['mcrctl gc', 'mcrctl repo list', 'mcrctl tag list 7']);
});

describe('what the web UI says to type', () => {
  test('is found', () => {
    expect(lines).toEqual(expect.arrayContaining(['mcrctl gc status', 'mcrctl policy delete 7']));
  });

  test.each(lines)('%s is a command', async (line) => {
    const argv = words(line).slice(1);
    if (argv.includes('--help'))
      expect((await runMcrctl(argv)).stdout).toMatch(`Usage: ${line.replace(' --help', '')}`);
    else await expect(parseArguments(argv, commandSet)).resolves.toBeDefined();
  });
});
