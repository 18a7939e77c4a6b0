import { readFile } from 'node:fs/promises';

/** The memory of a process, in bytes. */
export interface ProcessMemory {
  readonly rss: number;
  /** The largest that `rss` has ever been. */
  readonly peakRss: number;
}

/** Reads how much memory a process has, from Linux' /proc. Throws when the process is gone. */
export async function memoryOf(pid: number): Promise<ProcessMemory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const bytes = (field: string): number => {
    const kibibytes = new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1];
    if (kibibytes === undefined) throw new Error(`/proc/${pid}/status has no ${field}`);
    return Number(kibibytes) * 1024;
  };
  return { rss: bytes('VmRSS'), peakRss: bytes('VmHWM') };
}
