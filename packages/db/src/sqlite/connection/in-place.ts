import { statSync } from 'node:fs';
import { RegistryError } from '@mcr/core';

/**
 * Remembers which file lies at `path`, and makes a check that it still does. SQLite would go on writing to a file that
 * nobody finds any more, and everything that it confirms would go with the process. The check throws `UNAVAILABLE`.
 */
export function rememberPlace(path: string): () => void {
  const opened = identityOf(path);
  return () => {
    if (identityOf(path) === opened) return;
    throw new RegistryError(
      'UNAVAILABLE',
      'The database file was removed or replaced, and nothing is written any more; ask the operator of the registry',
    );
  };
}

function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}
