import { RegistryError } from '@mcr/core';
import { DatabaseError } from '../../database-error.ts';
import { trashedBytes, unknownUpload } from '../../rejections.ts';

/** How soon a client may try again what the database could not do, milliseconds. */
export const retryAfterMs = 2_000;

/** Conditions that pass or that an operator can end, by SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html). */
const unavailable: readonly (readonly [codes: RegExp, message: string])[] = [
  [/^25006$/, 'The database takes no writes at the moment, as during a failover; try again'],
  [/^57014$|^55P03$|^25P03$/, 'The database took too long; try again'],
  [/^40001$|^40P01$|^23001$|^2350[35]$/, 'Too many changes of the same kind at once; try again'],
  [/^53300$/, 'The database has no connection left; try again, or raise its max_connections'],
  [/^28/, 'The database does not accept the user and password of database.url'],
  [/^42501$/, 'The user of database.url may not use the tables of the registry'],
  [/^3D000$/, 'The database that database.url names does not exist'],
  [/^XX00[12]$/, 'The database is damaged; ask the operator of the registry to restore a backup'],
  [/^08|^53|^57P|^58/, 'The database is unavailable; try again'],
];

/** Failures after which the same transaction may succeed: it met another one (postgresql.org/docs/current/mvcc-serialization-failure-handling.html). */
const conflicts: ReadonlySet<unknown> = new Set(['40001', '40P01', '23001', '23503', '23505']);

/** Rejections by functions in the database: the code, and by name what the caller gets. */
const rejected = 'MC000';
const rejections: Readonly<Record<string, () => RegistryError>> = {
  trashed_bytes: trashedBytes,
  unknown_upload: unknownUpload,
};

/** The SQLSTATE of an error from the database, or the code of one from the network. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return error.code;
}

/** Whether the transaction met another one, and may succeed when it is tried again. */
export function isConflict(error: unknown): boolean {
  return conflicts.has(codeOf(error));
}

/** Whether the server at the other end is not, or no longer, the one that takes writes: another connection may reach it. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === '25006';
}

/**
 * Whether the connection broke, or the server ended it: what was under way has happened or not. The driver has no code for an
 * end that it did not expect.
 */
export function isConnectionLoss(error: unknown): boolean {
  if (
    isPoolExhausted(error) ||
    !(error instanceof Error) ||
    error instanceof RegistryError ||
    error instanceof DatabaseError
  )
    return false;
  const code = codeOf(error);
  if (code === undefined) return /connection|terminated|not queryable|read timeout/i.test(error.message);
  return /^08|^57P0|^E[A-Z]/.test(code);
}

/** Whether all connections were in use for as long as one is waited for. The driver has a message for it, and no code. */
function isPoolExhausted(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout exceeded when trying to connect';
}

/** What a caller sees of an error: `RegistryError`s as they are, everything else without the driver's words. */
export function translateError(error: unknown): Error {
  if (error instanceof RegistryError || error instanceof DatabaseError) return error;
  const cause = { cause: error };
  const code = codeOf(error) ?? '';
  if (code === '53100') {
    return new RegistryError('NO_SPACE', 'The registry has no space left for its database; ask its operator', cause);
  }
  if (code === rejected)
    return rejections[(error as Error).message]?.() ?? new DatabaseError('The database rejected an operation', cause);
  const message = unavailable.find(([codes]) => codes.test(code))?.[1];
  if (message !== undefined) return new RegistryError('UNAVAILABLE', message, { ...cause, retryAfterMs });
  if (isPoolExhausted(error)) {
    const busy = 'The database is too slow for what is asked of it; try again, or raise database.pool';
    return new RegistryError('UNAVAILABLE', busy, { ...cause, retryAfterMs });
  }
  if (isConnectionLoss(error)) {
    return new RegistryError('UNAVAILABLE', 'The database cannot be reached; try again', { ...cause, retryAfterMs });
  }
  if (code === '') return new DatabaseError('The metadata store failed unexpectedly', cause);
  return new DatabaseError('The database rejected an operation', cause);
}
