import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian keeps what only root uses. */
const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The absolute path of an installed program, or undefined. */
export function findTool(name: string): string | undefined {
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

/**
 * Whether tests that need these programs, and root, can run: `describe.skipIf(!requireTools('nginx'))`. Throws under
 * CI=true when one is missing, since a test that silently does not run there proves nothing.
 */
export function requireTools(...names: readonly string[]): boolean {
  const missing = names.filter((name) => findTool(name) === undefined);
  if (missing.length === 0 && process.getuid?.() === 0) return true;
  if (process.env['CI'] !== 'true') return false;
  throw new Error(`Install ${names.join(', ')}, and run the tests as root; missing: ${missing.join(', ') || 'root'}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
