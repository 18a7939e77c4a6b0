import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { createDatabase, sharedPostgres } from '../postgres/databases.ts';
import { type S3Server, type S3ServerOptions, startS3Server } from '../s3/servers.ts';
import { tempDirectory } from '../temp.ts';
import { newSigningKey } from './replicas.ts';

/** What replicas have in common. */
export interface SharedStores extends AsyncDisposable {
  readonly s3: S3Server;
  /** The part of their configuration that names it, as `MCR_<SECTION>_<KEY>`. */
  readonly env: Readonly<Record<string, string>>;
  /** The rows that a statement returns. */
  readonly query: (text: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Makes a database in PostgreSQL 15 and a signing key, and starts an S3 server with an empty bucket. */
export async function startSharedStores(options: S3ServerOptions = {}): Promise<SharedStores> {
  await using resources = new AsyncDisposableStack();
  const database = resources.use(await createDatabase(await sharedPostgres(15)));
  const s3 = resources.use(await startS3Server('versitygw', options));
  const signingKey = join(resources.use(await tempDirectory('mcr-signing-key-')).path, 'signing-key.pem');
  await writeFile(signingKey, newSigningKey(), { mode: 0o600 });
  const owned = resources.move();
  return {
    s3,
    env: { ...storesEnv(database.url, s3), MCR_AUTH_SIGNING_KEY_FILE: signingKey },
    async query(text) {
      const client = new pg.Client(database.url);
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(text)).rows;
      } finally {
        await client.end();
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** How to configure a server for a database and a bucket, reached at `endpoint`. */
export function storesEnv(databaseUrl: string, s3: S3Server, endpoint = s3.endpoint): Record<string, string> {
  return {
    MCR_DATABASE_PATH: '',
    MCR_DATABASE_URL: databaseUrl,
    MCR_STORAGE_DRIVER: 's3',
    MCR_S3_ENDPOINT: endpoint,
    MCR_S3_REGION: s3.region,
    MCR_S3_BUCKET: s3.bucket,
    MCR_S3_CREDENTIALS: 'environment',
    AWS_ACCESS_KEY_ID: s3.accessKey,
    AWS_SECRET_ACCESS_KEY: s3.secretKey,
  };
}
