import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase, sharedPostgres, sharedS3Server } from '@mcr/testkit';

/**
 * The configuration of a test, on the stores that it is to run on: with `MCR_TEST_DATABASE=postgres` a new database in PostgreSQL,
 * beside a directory of blobs that processes may share, and with `MCR_TEST_BLOBS=s3` a prefix of its own in a bucket.
 */
export async function onTestStores(configuration: string, directory: string): Promise<string> {
  const { MCR_TEST_DATABASE: database, MCR_TEST_BLOBS: blobs } = process.env;
  const withDatabase = database === 'postgres' ? await onPostgres(configuration, directory) : configuration;
  return blobs === 's3' ? await onS3(withDatabase, directory) : withDatabase;
}

async function onPostgres(configuration: string, directory: string): Promise<string> {
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

async function onS3(configuration: string, directory: string): Promise<string> {
  const { endpoint, region, bucket, accessKey, secretKey } = await sharedS3Server();
  await writeFile(join(directory, 's3-access-key'), accessKey, { mode: 0o600 });
  await writeFile(join(directory, 's3-secret-key'), secretKey, { mode: 0o600 });
  const section = `[s3]
endpoint = "${endpoint}"
region = "${region}"
bucket = "${bucket}"
prefix = "${randomUUID()}"
access_key_file = "s3-access-key"
secret_key_file = "s3-secret-key"
part_size = "5MiB"
buffers = "40MiB"

`;
  return configuration
    .replace(/^(?:layers|uploads)_path = .*\n/gm, '')
    .replace('[storage]', '[storage]\ndriver = "s3"')
    .replace('[auth]', `${section}[auth]`);
}
