import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '@mcr/config';
import { resolveDatabasePath } from '@mcr/db';

/**
 * Where a file lies that the registry keeps beside its database: where the file of the database is, and not a link to it.
 * Versions before 0.2 kept it beside a link, and what is there stays in use. Of a database in PostgreSQL it is beside the layers,
 * and with S3 as well beside the signing key, which has to be named there.
 */
export function besideDatabase(
  { database, storage, auth }: Pick<Config, 'database' | 'storage' | 'auth'>,
  name: string,
): string {
  if (database.path === undefined) return join(dirname(storage.layersPath ?? auth.signingKeyFile ?? '.'), name);
  const beside = join(dirname(resolveDatabasePath(database.path)), name);
  const besideLink = join(dirname(database.path), name);
  return !existsSync(beside) && existsSync(besideLink) ? besideLink : beside;
}
