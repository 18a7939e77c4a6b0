import { execFileSync } from 'node:child_process';

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
