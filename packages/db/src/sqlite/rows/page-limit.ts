import { RegistryError } from '@mcr/core';

/** Checks the length of a page: SQLite takes a negative one for no limit at all. Throws `PARAMETER_INVALID`. */
export function pageLimit(limit: number): number {
  if (Number.isSafeInteger(limit) && limit >= 0) return limit;
  throw new RegistryError('PARAMETER_INVALID', 'The length of a page must be a whole number, 0 or more');
}
