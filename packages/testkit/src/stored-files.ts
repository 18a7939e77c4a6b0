import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The file that has a blob's bytes below a registry's directory, the newest one if there are several; the path that it had
 * in older versions if there is none.
 */
export function blobFile(directory: string, digest: string): string {
  const [algorithm = '', hex = ''] = digest.split(':');
  const prefix = join(directory, 'layers', algorithm, hex.slice(0, 2));
  return (
    newest(prefix, (name) => /^[0-9a-f]+(?:\.[0-9a-f]{12})?$/.test(name) && name.startsWith(hex)) ?? join(prefix, hex)
  );
}

/** The file of the newest piece of an upload; `undefined` when there is none. */
export function pieceFile(directory: string, upload: string): string | undefined {
  return newest(join(directory, 'uploads'), (name) => name.startsWith(upload));
}

function newest(directory: string, matches: (name: string) => boolean): string | undefined {
  const paths = namesIn(directory)
    .filter(matches)
    .map((name) => join(directory, name));
  const byTime = (path: string) => statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0;
  return paths.toSorted((one, other) => byTime(other) - byTime(one))[0];
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
