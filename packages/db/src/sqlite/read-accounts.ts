import { openToLook } from './examine-database.ts';

/**
 * Whether a database that stays as it is, of any schema, and beside a server that uses it, has an account of this name.
 * Throws what SQLite says of a file that it cannot read.
 */
export function hasAccountNamed(path: string, username: string): boolean {
  const sqlite = openToLook(path);
  try {
    const has = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'accounts'").get();
    return has !== undefined && sqlite.prepare('SELECT 1 FROM accounts WHERE username = ?').get(username) !== undefined;
  } finally {
    sqlite.close();
  }
}
