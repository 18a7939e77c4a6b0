import { readFileSync } from 'node:fs';
import type { ConfigProblem } from '../errors.ts';
import { explain } from '../explain.ts';
import type { PartialConfig } from '../read-values.ts';
import { databaseUrl } from '../schema/values.ts';

/** The configuration with the address that `database.url_file` holds, and what is wrong with that file. */
export function withDatabaseUrl(config: PartialConfig): {
  readonly config: PartialConfig;
  readonly problems: readonly ConfigProblem[];
} {
  const { urlFile, url } = config.database;
  if (urlFile === undefined || url !== undefined) return { config, problems: [] };
  try {
    const { success, data, error } = databaseUrl.safeParse(readFileSync(urlFile, 'utf8').trim());
    if (success) return { config: { ...config, database: { ...config.database, url: data } }, problems: [] };
    return { config, problems: error.issues.map(({ message }) => ({ key: 'database.url_file', message })) };
  } catch (error) {
    const message = `cannot be read: ${explain(error)}; use a file that this user can read`;
    return { config, problems: [{ key: 'database.url_file', message }] };
  }
}

const places = [
  ['path', 'database.path'],
  ['url', 'database.url'],
  ['urlFile', 'database.url_file'],
] as const;

/** There is one database; and processes that share one in PostgreSQL must share the key that signs tokens. */
export function checkDatabase(
  { database, auth }: Pick<PartialConfig, 'database' | 'auth'>,
  reported: ReadonlySet<string>,
): ConfigProblem[] {
  const given = places.filter(([property]) => database[property] !== undefined);
  const [first, second] = given.map(([, key]) => key);
  if (first === undefined && !places.some(([, key]) => reported.has(key))) {
    const message = 'is required; set it in the file or as MCR_DATABASE_PATH, or set database.url for PostgreSQL';
    return [{ key: 'database.path', message }];
  }
  if (first !== undefined && second !== undefined) {
    return [{ key: second, message: `is set beside ${first}, but there is one database; remove one of them` }];
  }
  if (first === undefined || first === 'database.path' || auth.signingKeyFile !== undefined) return [];
  const message =
    'is required with PostgreSQL, since tokens of one server must be valid at all others; create one with "openssl genpkey -algorithm ed25519", and give every server the same file';
  return [{ key: 'auth.signing_key_file', message }];
}
