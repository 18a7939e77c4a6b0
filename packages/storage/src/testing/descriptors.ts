import { readdirSync, readlinkSync } from 'node:fs';

/** How many descriptors of this process are open on files; always 0 where the system has no `/proc`. */
export function openFiles(): number {
  return descriptors().filter((target) => target.startsWith('/') && !/^\/(?:dev|proc|sys)\//.test(target)).length;
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
