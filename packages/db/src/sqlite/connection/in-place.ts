import { statSync } from 'node:fs';
import { RegistryError } from '@mcr/core';

/** Remembers which file lies at `path`, and makes a check that it still does. */
export function rememberPlace(path: string): () => boolean {
  const opened = identityOf(path);
  return () => identityOf(path) === opened;
}

/** The error for a database whose file is not where it was opened. */
export function outOfPlace(): RegistryError {
  return new RegistryError(
    'UNAVAILABLE',
    'The database file was removed or replaced, and nothing is written any more; ask the operator of the registry',
  );
}

function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}
