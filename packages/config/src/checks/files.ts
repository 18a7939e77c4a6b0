import { accessSync, constants, statSync } from 'node:fs';
import { type ConfigProblem, quote } from '../errors.ts';
import { explain } from '../explain.ts';

/** Reports the files, given by key name, that this process cannot read. */
export function checkReadable(files: Readonly<Record<string, string | undefined>>): ConfigProblem[] {
  return Object.entries(files).flatMap(([key, path]) => {
    const obstacle = path === undefined ? undefined : findObstacle(path);
    if (!obstacle) return [];
    return [{ key, message: `cannot read ${quote(path ?? '')}: ${obstacle}; use a file that this user can read` }];
  });
}

function findObstacle(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return 'it is not a file';
    accessSync(path, constants.R_OK);
    return undefined;
  } catch (error) {
    return explain(error);
  }
}
