import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { CliError } from '../cli/errors.ts';

const ownerOnly = 0o600;
const ownerOnlyDirectory = 0o700;

/**
 * Reads a file that only its owner may read, since it can contain a token; `undefined` if there is none. Throws a
 * CliError.
 */
export function readPrivateFile(path: string): string | undefined {
  try {
    const others = statSync(path).mode & 0o077;
    if (others === 0 || process.platform === 'win32') return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new CliError(`cannot read ${path}: ${message}`, { hint: 'check its permissions', cause: error });
  }
  throw new CliError(`${path} may contain a token, but other users can read it`, { hint: `run: chmod 600 ${path}` });
}

/** Deletes a file, if there is one. Throws a CliError. */
export function removePrivateFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    throw new CliError(`cannot remove ${path}: ${(error as Error).message}`, { hint: 'check its permissions' });
  }
}

/** Replaces a file atomically, readable only by its owner. Throws a CliError. */
export function writePrivateFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: ownerOnlyDirectory });
    rmSync(temporary, { force: true });
    const file = openSync(temporary, 'wx', ownerOnly);
    try {
      fchmodSync(file, ownerOnly);
      writeSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new CliError(`cannot write ${path}: ${(error as Error).message}`, {
      hint: 'set XDG_CONFIG_HOME to use another directory',
      cause: error,
    });
  }
}
