import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../load-config.ts';
import { problemsOf } from '../testing/problems-of.ts';
import { tempConfig } from '../testing/temp-config.ts';

const bucket = { MCR_S3_ENDPOINT: 'https://s3.example.com', MCR_S3_BUCKET: 'registry' };

function load(env: Record<string, string>, prepare: (directory: string) => void = () => {}) {
  using files = tempConfig();
  prepare(files.directory);
  const text = files.text.replace(/^layers_path = .*$/m, 'driver = "s3"');
  return loadConfig({ path: files.path, text, env });
}

describe('the driver s3', () => {
  test('needs an endpoint and a bucket, and no directories', () => {
    expect(problemsOf(() => load({}))).toEqual([
      's3.endpoint: is required with storage.driver = "s3"; set it in the file or as MCR_S3_ENDPOINT',
      's3.bucket: is required with storage.driver = "s3"; set it in the file or as MCR_S3_BUCKET',
    ]);
    const { storage, s3 } = load({ ...bucket, MCR_S3_PREFIX: 'mcr' });
    expect([storage.layersPath, storage.uploadsPath, s3.prefix]).toEqual([undefined, undefined, 'mcr/']);
  });

  test('keeps trash for an hour by default, and for the time of a URL in addition with redirects', () => {
    expect(load(bucket).gc.trashRetention).toBe(3_600_000);
    expect(load({ ...bucket, MCR_S3_REDIRECT: 'true' }).gc.trashRetention).toBe(4_200_000);
    expect(load({ ...bucket, MCR_GC_TRASH_RETENTION: '0' }).gc.trashRetention).toBe(0);
  });

  test('is not looked at on a disk', () => {
    using files = tempConfig();
    const env = { MCR_S3_PART_SIZE: '1MiB', MCR_S3_ACCESS_KEY_FILE: 'none' };
    expect(problemsOf(() => loadConfig({ path: files.path, env }))).toEqual([]);
  });

  test('needs the files that it names', () => {
    expect(problemsOf(() => load({ ...bucket, MCR_S3_CREDENTIALS: 'files' }))).toEqual([
      's3.access_key_file: is required with storage.driver = "s3"; set it in the file or as MCR_S3_ACCESS_KEY_FILE',
      's3.secret_key_file: is required with storage.driver = "s3"; set it in the file or as MCR_S3_SECRET_KEY_FILE',
    ]);
    const env = { ...bucket, MCR_S3_ACCESS_KEY_FILE: 'access', MCR_S3_SECRET_KEY_FILE: 'secret' };
    expect(problemsOf(() => load(env)).map((problem) => problem.split(':')[0])).toEqual([
      's3.access_key_file',
      's3.secret_key_file',
    ]);
    const world = (directory: string) => {
      writeFileSync(join(directory, 'access'), 'a', { mode: 0o600 });
      writeFileSync(join(directory, 'secret'), 's', { mode: 0o644 });
    };
    expect(problemsOf(() => load(env, world))).toEqual([
      expect.stringMatching(
        /^s3\.secret_key_file: ".*secret" has mode 0644, so that other users of this machine could/,
      ),
    ]);
  });
});

test.each([
  [
    'parts that S3 does not take',
    { MCR_S3_PART_SIZE: '4MiB' },
    's3.part_size: must be from "5MiB", the least that S3 takes, to "1GiB"',
  ],
  [
    'parts that are too large',
    { MCR_S3_PART_SIZE: '2GiB' },
    's3.part_size: must be from "5MiB", the least that S3 takes, to "1GiB"',
  ],
  [
    'buffers without room for two parts',
    { MCR_S3_BUFFERS: '31MiB' },
    's3.buffers: must have room for two parts; set at least twice s3.part_size',
  ],
  [
    'a key without encryption by it',
    { MCR_S3_KMS_KEY_ID: 'a' },
    's3.kms_key_id: is used only with s3.server_side_encryption = "aws:kms"; set that, too',
  ],
  [
    'URLs that last longer than S3 lets them',
    { MCR_S3_REDIRECT: 'true', MCR_S3_REDIRECT_TTL: '8d' },
    's3.redirect_ttl: must be at most "7d", as S3 has it',
  ],
  [
    'URLs that outlast bytes',
    { MCR_S3_REDIRECT: 'true', MCR_GC_TRASH_RETENTION: '5m' },
    'gc.trash_retention: must be longer than s3.redirect_ttl, or a URL would outlast the bytes; leave it out, or set more',
  ],
])('%s are rejected', (_what, env, problem) => {
  expect(problemsOf(() => load({ ...bucket, ...env }))).toEqual([problem]);
});

test.each([
  ['https://blobs.registry.example.com', true],
  ['https://registry.example.com:9000', true],
  ['https://s3.example.com', false],
  ['https://notregistry.example.com', false],
])('a redirect from registry.example.com to %s is rejected: %s', (endpoint, isRejected) => {
  const env = { ...bucket, MCR_SERVER_PUBLIC_URL: 'https://registry.example.com', MCR_S3_PUBLIC_ENDPOINT: endpoint };
  expect(problemsOf(() => load(env))).toEqual([]);
  const problems = problemsOf(() => load({ ...env, MCR_S3_REDIRECT: 'true' }));
  const message = `"${endpoint}" is on the host of server.public_url or below it, and clients would send it their tokens, which S3 rejects; use another name, or s3.redirect = false`;
  expect(problems).toEqual(isRejected ? [`s3.public_endpoint: ${message}`] : []);
});
