import { accessSync, constants, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { asWord, fromHere } from '@mcr/server-kit/shell';

/** What decides how a program is called. */
interface Surroundings {
  readonly execPath: string;
  /** The file that Node was told to run; that of the program itself where it is one executable. */
  readonly script: string;
  readonly cwd: string;
  /** Where a shell looks for commands. */
  readonly path: string;
}

/**
 * How this very program is called again by a shell in the same directory: by its name where PATH leads to it, else by
 * the path of the launcher beside it, else, run from source, by Node and the script.
 */
export function ownCommand(surroundings: Surroundings = currentSurroundings()): string {
  const { execPath, script, cwd, path } = surroundings;
  const launcher = script.replace(/\.mjs$/, '');
  if (leadsTo(path, 'mcrsrv', launcher)) return 'mcrsrv';
  if (!script.endsWith('.ts') && isExecutable(launcher)) return asWord(fromHere(launcher, cwd));
  const node = leadsTo(path, 'node', execPath) ? 'node' : asWord(fromHere(execPath, cwd));
  return `${node} ${asWord(fromHere(script, cwd))}`;
}

function currentSurroundings(): Surroundings {
  const { execPath, argv, env } = process;
  return { execPath, script: argv[1] ?? execPath, cwd: process.cwd(), path: env.PATH ?? '' };
}

/** Whether the first command of this name in PATH is that file. */
function leadsTo(path: string, name: string, file: string): boolean {
  const found = path
    .split(delimiter)
    .map((directory) => join(directory, name))
    .find(isExecutable);
  return found !== undefined && realPathOf(found) === realPathOf(file);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
