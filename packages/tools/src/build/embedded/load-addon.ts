import { accessSync, constants, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getRawAsset } from 'node:sea';

/**
 * Loads a native part of an executable. The one that lies beside the executable serves if there is one; else the
 * embedded one is copied to where code may be loaded from, as a file that only this user can reach and that is gone
 * right after. Throws, and prints, what was tried.
 */
export function loadAddon(name: string): unknown {
  const beside = join(dirname(process.execPath), name);
  if (existsSync(beside)) return open(beside);
  const problems: string[] = [];
  for (const folder of new Set([tmpdir(), process.env.XDG_RUNTIME_DIR ?? '/dev/shm', '/dev/shm', '/var/tmp'])) {
    try {
      accessSync(folder, constants.W_OK);
      return openCopy(folder, name);
    } catch (error) {
      problems.push(`  ${folder}: ${(error as Error).message}`);
    }
  }
  const advice = `set TMPDIR to a directory that is writable and not mounted noexec, or put ${name} beside ${process.execPath}`;
  const message = `The native part ${name} cannot be loaded; ${advice}\n${problems.join('\n')}`;
  // The caller reports only that a database does not open.
  process.stderr.write(`${message}\n`);
  throw new Error(message);
}

/** A loaded library stays loaded when its file is removed. */
function openCopy(folder: string, name: string): unknown {
  const directory = mkdtempSync(join(folder, 'mcr-'));
  try {
    const copy = join(directory, name);
    writeFileSync(copy, new Uint8Array(getRawAsset(name)), { mode: 0o700 });
    return open(copy);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function open(path: string): unknown {
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports;
}
