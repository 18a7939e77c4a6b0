import { afterEach, beforeEach, expect, test } from 'vitest';
import { examineBucket } from '../../src/s3/examine-bucket.ts';
import { optionsFor } from './_buckets.ts';
import { fail, ScriptedS3 } from './_scripted.ts';

let s3: ScriptedS3;
beforeEach(async () => {
  s3 = await ScriptedS3.start();
});
afterEach(() => s3[Symbol.asyncDispose]());

const methods = ['GET', 'PUT', 'HEAD', 'DELETE'];

test('a bucket that works has no problem, and no object afterwards', async () => {
  expect(await examineBucket(optionsFor(s3.access))).toEqual([]);
  expect(s3.objects.size).toBe(0);
  expect(new Set(s3.seen.map(({ method }) => method))).toEqual(new Set(['GET', 'PUT', 'DELETE']));
});

test.each([
  ['no such bucket', 404, 'NoSuchBucket', '', 's3.bucket', /there is no bucket "registry"/],
  ['another region', 301, 'PermanentRedirect', '', 's3.region', /is in another region and not in "us-east-1"/],
  [
    'another region, which it says',
    400,
    'AuthorizationHeaderMalformed',
    '<Region>eu-central-1</Region>',
    's3.region',
    /is in the region "eu-central-1" and not in "us-east-1"/,
  ],
  ['an unknown key', 403, 'InvalidAccessKeyId', '', 's3.access_key_file', /does not know the access key/],
  ['an unknown key, as versitygw says it', 404, 'XAdminUserNotFound', '', 's3.access_key_file', /does not know/],
  ['a wrong key', 403, 'SignatureDoesNotMatch', '', 's3.secret_key_file', /correct the secret key/],
  ['no right', 403, 'AccessDenied', '', 's3.bucket', /allow s3:ListBucket, s3:GetObject/],
  ['a server that is no S3', 405, 'MethodNotAllowed', '', 's3.endpoint', /does not work with the bucket/],
])('%s: the key and what to do', async (_what, status, code, more, key, message) => {
  for (const method of methods) s3.on(method, (_, response) => fail(response, status, code, more));
  expect(await examineBucket(optionsFor(s3.access))).toEqual([{ key, message: expect.stringMatching(message) }]);
});

test.each(['PUT', 'DELETE'])('a key that may read and not %s is noticed', async (method) => {
  s3.on(method, (_, response) => fail(response, 403, 'AccessDenied'));
  expect(await examineBucket(optionsFor(s3.access))).toMatchObject([{ key: 's3.bucket' }]);
});

test.each([
  [60_000, /(?:59|60) s behind that of the S3 server/],
  [-7_000, /[678] s ahead of that of the S3 server/],
])('a clock that is off by %i ms is a problem', async (off, message) => {
  for (const method of methods) {
    s3.on(method, (_, response) => {
      response.setHeader('Date', new Date(Date.now() + off).toUTCString());
      return false;
    });
  }
  expect(await examineBucket(optionsFor(s3.access))).toEqual([
    { key: 's3.endpoint', message: expect.stringMatching(message) },
  ]);
});

test('a bucket that is full is no problem, since pulls go on', async () => {
  s3.on('PUT', (_, response) => fail(response, 507, 'InsufficientStorage'));
  expect(await examineBucket(optionsFor(s3.access))).toEqual([]);
});

test('a server that is not there, and keys that are not there, are named', async () => {
  const gone = { ...s3.access, endpoint: 'http://127.0.0.1:1' };
  expect(await examineBucket(optionsFor(gone))).toMatchObject([{ key: 's3.endpoint' }]);
  const credentials = () => Promise.reject(new Error('no such file'));
  expect(await examineBucket(optionsFor(s3.access, { credentials }))).toEqual([
    { key: 's3.credentials', message: 'cannot be read: no such file' },
  ]);
});
