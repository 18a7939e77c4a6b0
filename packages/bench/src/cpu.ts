import { readFile } from 'node:fs/promises';

/** Clock ticks a second in /proc, which Linux has fixed for programs (proc_pid_stat(5), sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100;

/** CPU seconds, user and system, that a process and those that it has started, such as workers, have used so far. */
export async function cpuSeconds(pid: number): Promise<number> {
  const each = await Promise.all((await familyOf(pid)).map(ownCpuSeconds));
  return each.reduce((sum, seconds) => sum + seconds, 0);
}

/** A process and all that descend from it. */
export async function familyOf(pid: number): Promise<readonly number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'latin1');
  const families = await Promise.all(children.trim().split(' ').filter(Boolean).map(Number).map(familyOf));
  return [pid, ...families.flat()];
}

/** CPU seconds of one process. */
export async function ownCpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
