import { RegistryError, type RegistryErrorCode } from '@mcr/core';

const full = ['NO_SPACE', 'The registry has no space left for blobs; ask its operator'] as const;
const tooManyFiles = ['UNAVAILABLE', 'The registry has too many files open; try again, or raise its limit'] as const;

/** What a system call says about the machine and not about the request (errno(3)). */
const messages: Readonly<Record<string, readonly [code: RegistryErrorCode, message: string]>> = {
  ENOSPC: full,
  EDQUOT: full,
  EROFS: ['UNAVAILABLE', 'The storage is read-only; ask the operator of the registry'],
  EIO: ['UNAVAILABLE', 'The disk of the storage failed; ask the operator of the registry'],
  EMFILE: tooManyFiles,
  ENFILE: tooManyFiles,
};

/** An error of the file system as callers see it, `NO_SPACE` or `UNAVAILABLE`; any other error stays what it is. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  const known = messages[String(error.code)];
  return known === undefined ? error : new RegistryError(...known, { cause: error });
}
