import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireS3Server, type S3Server, sharedS3Server, type TempDirectory, tempDirectory } from '@mcr/testkit';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { failingStart } from '../_util/start.ts';

describe.skipIf(!requireS3Server('versitygw'))('a bucket that cannot be used keeps the server from starting', () => {
  let s3: S3Server;
  let directory: TempDirectory;
  let config: string;

  beforeAll(async () => {
    s3 = await sharedS3Server();
  }, 120_000);
  beforeEach(async () => {
    directory = await tempDirectory();
    config = join(directory.path, 'mcr.toml');
    expect((await mcrsrv(['init', '--dir', directory.path])).code).toBe(0);
    vi.stubEnv('MCR_SERVER_LISTEN_ADDR', '127.0.0.1:0');
    vi.stubEnv('MCR_SERVER_GRPC_ADDR', '127.0.0.1:0');
    vi.stubEnv('MCR_STORAGE_DRIVER', 's3');
    vi.stubEnv('AWS_ACCESS_KEY_ID', s3.accessKey);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', s3.secretKey);
    vi.stubEnv('MCR_S3_ENDPOINT', s3.endpoint);
    vi.stubEnv('MCR_S3_BUCKET', s3.bucket);
    vi.stubEnv('MCR_S3_REGION', s3.region);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await directory[Symbol.asyncDispose]();
  });

  test.each([
    ['another bucket', { MCR_S3_BUCKET: 'other-bucket' }, 's3.bucket', 'there is no bucket "other-bucket"'],
    ['an unknown access key', { AWS_ACCESS_KEY_ID: 'other' }, 's3.access_key_file', 'does not know the access key'],
    ['a wrong secret key', { AWS_SECRET_ACCESS_KEY: 'other' }, 's3.secret_key_file', 'rejects the signature'],
    ['another address', { MCR_S3_ENDPOINT: 'http://127.0.0.1:1' }, 's3.endpoint', 'cannot be used'],
  ])('%s: the key, the reason, and no secret', async (_, env, key, reason) => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const { ok, problems } = JSON.parse((await mcrsrv(['check', '--config', config, '--json'])).stdout);
    expect(ok).toBe(false);
    expect(problems).toEqual([{ key, message: expect.stringContaining(reason) }]);
    const { code, stderr } = await failingStart(config);
    expect(code).toBe(1);
    expect(stderr).toContain(key);
    expect(stderr).toContain(reason);
    expect(stderr + JSON.stringify(problems)).not.toContain(s3.secretKey);
  });

  test('redirects to a name below that of the registry', async () => {
    vi.stubEnv('MCR_SERVER_PUBLIC_URL', 'https://registry.example.com');
    vi.stubEnv('MCR_S3_REDIRECT', 'true');
    vi.stubEnv('MCR_S3_PUBLIC_ENDPOINT', 'https://blobs.registry.example.com');
    const { code, stdout } = await mcrsrv(['check', '--config', config, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).problems).toEqual([
      { key: 's3.public_endpoint', message: expect.stringContaining('clients would send it their tokens') },
    ]);
  });

  test('files of keys that others may read', async () => {
    for (const name of ['access', 'secret']) await writeFile(join(directory.path, name), 'key', { mode: 0o644 });
    await appendFile(config, '\n[s3]\naccess_key_file = "access"\nsecret_key_file = "secret"\n');
    const { problems } = JSON.parse((await mcrsrv(['check', '--config', config, '--json'])).stdout);
    expect(problems.map(({ key }: { key: string }) => key)).toEqual(
      expect.arrayContaining(['s3.access_key_file', 's3.secret_key_file']),
    );
  });
});
