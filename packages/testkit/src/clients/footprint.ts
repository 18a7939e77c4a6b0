import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';

/** What dockerd creates outside of the directories that it is given; directories after what is in them. */
const strayPaths = ['/etc/docker/key.json', '/etc/docker', '/run/docker/plugins', '/run/docker'];

/** Remembers which stray paths exist now. The returned function removes those that appeared since. */
export function rememberFootprint(): () => Promise<void> {
  const fresh = strayPaths.filter((path) => !existsSync(path));
  return async () => {
    for (const path of fresh) {
      if (path.endsWith('.json')) await rm(path, { force: true });
      // Anything else in the directory belongs to somebody else, who may keep it.
      else await rmdir(path).catch(() => {});
    }
  };
}
