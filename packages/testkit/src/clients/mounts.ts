import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Unmounts everything that is mounted below `directory`, innermost first. */
export function unmountUnder(directory: string): void {
  const below = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${directory}/`));
  for (const path of below.reverse()) spawnSync('umount', ['--lazy', path]);
}
