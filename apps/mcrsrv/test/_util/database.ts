import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase, sharedPostgres } from '@mcr/testkit';

/**
 * The configuration of a test, on the database that it is to run on: with `MCR_TEST_DATABASE=postgres` a new one in PostgreSQL,
 * beside a directory of blobs that processes may share.
 */
export async function onTestDatabase(configuration: string, directory: string): Promise<string> {
  if (process.env['MCR_TEST_DATABASE'] !== 'postgres') return configuration;
  const { url } = await createDatabase(await sharedPostgres(15));
  await writeFile(join(directory, 'database.url'), url, { mode: 0o600 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(join(directory, 'signing-key.pem'), key, { mode: 0o600 });
  return configuration
    .replace('path = "mcr.db"', 'url_file = "database.url"')
    .replace('[storage]', '[storage]\nshared = true')
    .replace('[auth]', '[auth]\nsigning_key_file = "signing-key.pem"');
}
