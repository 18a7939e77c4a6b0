import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { leaksIn } from '@mcr/testkit';

/** What one registry has written by the end of a test. */
export interface Written {
  readonly directory: string;
  readonly logLines: readonly string[];
  readonly metrics: string;
  /** Passwords by the name of the account. */
  readonly accounts: ReadonlyMap<string, string>;
}

/** Files that hold a secret because they are for that, and bytes that clients have pushed. */
const exempt = /^(?:tls|layers|uploads|signing-key\.pem|initial-admin-password)(?:\/|$)/;

/** Throws when a password, a token or an authorization stands in the log, the metrics, the database or another file. */
export async function assertNoLeaks({ directory, logLines, metrics, accounts }: Written): Promise<void> {
  const texts: (readonly [where: string, text: string])[] = [
    ['the log', logLines.join('')],
    ['the metrics', metrics],
  ];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(directory.length + 1);
    if (entry.isFile() && !exempt.test(name)) texts.push([name, await readFile(path, 'latin1')]);
  }
  const found = texts.flatMap(([where, text]) => leaksIn(text, accounts).map((what) => `${what} in ${where}`));
  if (found.length > 0) throw new Error(`The registry has written ${found.join(', ')}`);
}
