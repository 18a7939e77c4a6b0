import { readFile } from 'node:fs/promises';
import { runOk } from '../processes.ts';

/** Unmounts everything that is mounted below `directory`, innermost first. */
export async function unmountUnder(directory: string): Promise<void> {
  const mounts = await readFile('/proc/mounts', 'utf8');
  const below = mounts
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${directory}/`));
  for (const path of below.reverse()) await runOk('umount', ['--lazy', path]);
}
