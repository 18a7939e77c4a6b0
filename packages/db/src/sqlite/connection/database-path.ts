import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * The path of the database file itself, absolute and without links, whether it exists or not. SQLite keeps the log and its
 * index beside the file and not beside a link to it, and so must everything that derives a name from it. What cannot be
 * resolved stays as it is: opening it reports why.
 */
export function resolveDatabasePath(path: string): string {
  // The driver trims names and gives some of them a meaning; an absolute path is only a path.
  const absolute = resolve(path.trim());
  try {
    return realpathSync(absolute);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? resolveMissing(absolute) : absolute;
  }
}

/** A file that is still to be made, which a link may name already. */
function resolveMissing(path: string): string {
  try {
    const place = join(realpathSync(dirname(path)), basename(path));
    const target = linkAt(place);
    return target === undefined ? place : resolveDatabasePath(resolve(dirname(place), target));
  } catch {
    return path;
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
