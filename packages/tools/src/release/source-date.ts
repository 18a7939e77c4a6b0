import { execFileSync } from 'node:child_process';
import { root } from '../paths.ts';

/**
 * The time that everything in a release bears, in seconds since the epoch: SOURCE_DATE_EPOCH when set
 * (https://reproducible-builds.org/specs/source-date-epoch/), else that of the commit. Throws without either.
 */
export function sourceDate(): number {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined && !/^\d+$/.test(given)) throw new Error('SOURCE_DATE_EPOCH must be a number of seconds');
  if (given !== undefined) return Number(given);
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return Number(
      execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8', stdio: [...stdio] }),
    );
  } catch (cause) {
    throw new Error('This is no git checkout: set SOURCE_DATE_EPOCH to the seconds that the release is to bear', {
      cause,
    });
  }
}
