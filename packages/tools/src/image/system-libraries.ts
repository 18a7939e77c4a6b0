import { execFileSync } from 'node:child_process';

/**
 * The shared libraries that a program needs, its loader among them, as absolute paths. The loader itself is asked, since
 * ldd is a script for a shell that may not be there. Throws for a program that is linked statically.
 */
export function librariesOf(program: string): string[] {
  const env = { LD_TRACE_LOADED_OBJECTS: '1' };
  const listing = execFileSync(program, { env, encoding: 'utf8' });
  const paths = [...listing.matchAll(/(?:^|\s)(\/\S+) \(0x/g)].map(([, path = '']) => path);
  if (paths.length === 0) throw new Error(`${program} names no libraries: is it linked statically?`);
  return paths;
}

/** The Debian packages that hold Node's libraries. */
const names = ['libatomic1', 'libc6', 'libgcc-s1', 'libstdc++6'];

/** dpkg's records of these packages, by name; none where there is no dpkg. */
export function packageRecords(): Map<string, string> {
  try {
    return new Map(names.map((name) => [name, execFileSync('dpkg-query', ['--status', name], { encoding: 'utf8' })]));
  } catch {
    return new Map();
  }
}
