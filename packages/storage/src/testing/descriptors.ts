import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';

/**
 * The files below the directory for temporary files that this process holds open, in order; always none where the
 * system has no `/proc`. Node itself opens others now and then, such as certificates.
 */
export function openFiles(): string[] {
  const root = `${realpathSync(tmpdir())}/`;
  return descriptors()
    .filter((path) => path.startsWith(root))
    .sort();
}

function descriptors(): string[] {
  try {
    return readdirSync('/proc/self/fd').map(target);
  } catch {
    return [];
  }
}

function target(descriptor: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    // The descriptor that listed the directory is closed by now.
    return '';
  }
}
