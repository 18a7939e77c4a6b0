import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ConfigProblem, quote } from '../errors.ts';
import { explain } from '../explain.ts';

/**
 * Why this user cannot store files in a directory, or cannot create it if it is missing and `made` says that it would
 * be.
 */
export function directoryProblems(key: string, path: string, { made }: { readonly made: boolean }): ConfigProblem[] {
  const found = lookAt(path);
  if (typeof found === 'string')
    return [{ key, message: `${quote(path)} cannot be used: ${found}; choose another path` }];
  if (found?.isDirectory() === true) return writeProblems(key, path, 'be written');
  if (found !== undefined) return [{ key, message: `${quote(path)} is not a directory; choose another path` }];
  if (!made)
    return [{ key, message: `the directory ${quote(path)} does not exist; create it, or choose another path` }];
  return writeProblems(key, nearestDirectory(dirname(path)), `take ${quote(path)}`);
}

function nearestDirectory(path: string): string {
  return lookAt(path) === undefined ? nearestDirectory(dirname(path)) : path;
}

/** The status of a path, or why it cannot be determined. */
function lookAt(path: string): Stats | string | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    return explain(error);
  }
}

function writeProblems(key: string, path: string, what: string): ConfigProblem[] {
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return [];
  } catch (error) {
    const remedy = 'make it writable for the user that the registry runs as, or choose another path';
    return [{ key, message: `the directory ${quote(path)} cannot ${what}: ${explain(error)}; ${remedy}` }];
  }
}
