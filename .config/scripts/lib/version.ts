import { execFileSync } from 'node:child_process';
import { root } from './paths.ts';

/**
 * What `--version` will answer: MCR_BUILD_VERSION when set (a container build has no git), else what git says of this
 * checkout, else `unknown`.
 */
export function buildVersion(): string {
  if (process.env.MCR_BUILD_VERSION) return process.env.MCR_BUILD_VERSION;
  try {
    const args = ['describe', '--tags', '--always', '--dirty'];
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
