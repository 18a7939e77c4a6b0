import { DatabaseError } from '../../database-error.ts';

/** Older ones can corrupt a WAL database that two connections write (sqlite.org/releaselog/3_51_3.html). */
export const minimumSqliteVersion = '3.51.3';

/** Throws a `DatabaseError` for a version of SQLite that must not be trusted with the data. */
export function assertSqliteVersion(version: string): void {
  if (compareVersions(version, minimumSqliteVersion) >= 0) return;
  throw new DatabaseError(`SQLite ${version} is too old; ${minimumSqliteVersion} or newer is needed`);
}

function compareVersions(left: string, right: string): number {
  const wanted = right.split('.').map(Number);
  const difference = left
    .split('.')
    .map((part, index) => Number(part) - (wanted[index] ?? 0))
    .find((value) => value !== 0);
  return difference ?? 0;
}
