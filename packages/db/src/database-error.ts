/** The database failed in a way that no caller can foresee. What the driver said is in `cause`, for the log alone. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

/** The error for a database whose schema is newer than this program, which knows those up to `known`. */
export function newerSchema(found: number, known: number): DatabaseError {
  return new DatabaseError(
    `The database has schema ${found}, but this version knows only ${known}; run a newer version, or restore an older copy`,
  );
}
