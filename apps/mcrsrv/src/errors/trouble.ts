import { RegistryError } from '@mcr/core';

/** Whether an error is the registry's own trouble and not the client's, so that its cause belongs in the log. */
export function isTrouble(error: unknown): boolean {
  return !(error instanceof RegistryError) || error.code === 'UNAVAILABLE' || error.code === 'NO_SPACE';
}
