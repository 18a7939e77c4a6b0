import { readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';

/** How busy the machine is with everything that runs on it. */
export interface Busyness {
  /** Processes that want to run, on average of a minute. */
  readonly load: number;
  /** Seconds, of all cores and since the machine started, that the host gave to others although there was work. */
  readonly stolenSeconds: number;
}

/** Clock ticks a second in /proc (proc_stat(5)). */
const ticksPerSecond = 100;
/** A run means little when others want more than this much of the cores at its beginning. */
export const quietLoadPerCore = 0.3;
/** Position of `steal` in the first line of /proc/stat, the name included. */
const stealField = 8;

/** Looks at the machine. */
export async function readBusyness(): Promise<Busyness> {
  const stat = await readFile('/proc/stat', 'latin1').catch(() => '');
  const fields = stat.slice(0, stat.indexOf('\n')).split(/ +/);
  return { load: loadavg()[0] ?? 0, stolenSeconds: Number(fields[stealField] ?? 0) / ticksPerSecond };
}

/** Whether no other process keeps the cores busy. */
export function isQuiet(load: number, cores: number = cpus().length): boolean {
  return load <= quietLoadPerCore * cores;
}
