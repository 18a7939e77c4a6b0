import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Signer } from './signature.ts';

/** The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
const credentials = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const now = new Date('2013-05-24T00:00:00Z');
const host = 'examplebucket.s3.amazonaws.com';
const signer = new Signer('us-east-1');
const nothing = createHash('sha256').digest('hex');

test.each([
  [
    'GET of a range',
    { method: 'GET', path: '/test.txt', headers: { range: 'bytes=0-9' } },
    nothing,
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  ],
  [
    'PUT with a body',
    {
      method: 'PUT',
      path: '/test$file.text',
      headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
    },
    createHash('sha256').update('Welcome to Amazon S3.').digest('hex'),
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
  [
    'GET with a parameter without a value',
    { method: 'GET', path: '/', query: { lifecycle: '' } },
    nothing,
    'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  ],
  [
    'GET of a list',
    { method: 'GET', path: '/', query: { 'max-keys': 2, prefix: 'J' } },
    nothing,
    '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  ],
])('signs as AWS does: %s', (_what, parts, payload, signature) => {
  const { headers } = signer.sign({ host, ...parts }, payload, credentials, now);
  expect(String(headers['authorization']).split('Signature=')[1]).toBe(signature);
});

test('presigns as AWS does', () => {
  const target = signer.presign({ host, path: '/test.txt' }, 86_400, credentials, now);
  expect(new URL(target, `https://${host}`).searchParams.get('X-Amz-Signature')).toBe(
    'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  );
});

test('signs the token of credentials that expire, and another key when they change', () => {
  const sign = (token?: string) =>
    signer.sign(
      { method: 'GET', host, path: '/' },
      nothing,
      { ...credentials, ...(token && { sessionToken: token }) },
      now,
    ).headers;
  expect(sign('t')['x-amz-security-token']).toBe('t');
  expect(sign('t')['authorization']).not.toBe(sign()['authorization']);
  const other = signer.sign({ method: 'GET', host, path: '/' }, nothing, { ...credentials, secretKey: 'x' }, now);
  expect(other.headers['authorization']).not.toBe(sign()['authorization']);
});
