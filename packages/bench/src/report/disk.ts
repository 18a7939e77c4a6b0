import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** What data are written to. */
export interface Disk {
  /** `ext4`, `tmpfs`. */
  readonly fileSystem: string;
  /** `write back` when the device may lose what was not flushed explicitly, `write through` when not; absent if unknown. */
  readonly writeCache?: string;
}

interface Mount {
  /** Major and minor number of the device. */
  readonly device: string;
  readonly point: string;
  readonly fileSystem: string;
}

/** The file system that holds a directory, and whether its device has a volatile cache. */
export async function diskOf(directory: string): Promise<Disk> {
  const path = await realpath(directory);
  const found = mountOf(path, await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''));
  if (found === undefined) return { fileSystem: 'unknown' };
  const device = `/sys/dev/block/${found.device}`;
  // A partition has no queue; that of its disk is one directory up.
  const writeCache = (await line(`${device}/queue/write_cache`)) ?? (await line(`${device}/../queue/write_cache`));
  return { fileSystem: found.fileSystem, ...(writeCache !== undefined && { writeCache }) };
}

/** The last mount of the longest path that holds a directory, as proc_pid_mountinfo(5) describes the lines. */
export function mountOf(path: string, mountinfo: string): Mount | undefined {
  const mounts = mountinfo.split('\n').flatMap((text): readonly Mount[] => {
    const fields = text.split(' ');
    const [, , device = '', , point] = fields;
    const fileSystem = fields[fields.indexOf('-') + 1] ?? '';
    return point === undefined ? [] : [{ device, point: unescaped(point), fileSystem }];
  });
  const holding = mounts.filter(({ point }) => path === point || path.startsWith(join(point, '/')));
  return holding.toSorted((a, b) => a.point.length - b.point.length).at(-1);
}

/** Spaces and the like stand as `\040`. */
function unescaped(point: string): string {
  return point.replaceAll(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

async function line(path: string): Promise<string | undefined> {
  return await readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}
