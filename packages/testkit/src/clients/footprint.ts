import { existsSync, rmdirSync, rmSync } from 'node:fs';

/** What dockerd creates outside of the directories that it is given; directories after what is in them. */
const strayPaths = ['/etc/docker/key.json', '/etc/docker', '/run/docker/plugins', '/run/docker'];

/** Remembers which stray paths exist now. The returned function removes those that appeared since. */
export function rememberFootprint(): () => void {
  const fresh = strayPaths.filter((path) => !existsSync(path));
  return () => {
    for (const path of fresh.filter(existsSync)) remove(path);
  };
}

function remove(path: string): void {
  if (path.endsWith('.json')) {
    rmSync(path);
    return;
  }
  try {
    rmdirSync(path);
  } catch {
    // Other files in the directory are not ours to remove.
  }
}
