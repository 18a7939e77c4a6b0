import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runOk } from '@mcr/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { chainCredentials } from '../../src/s3/client/credentials.ts';
import { examineBucket } from '../../src/s3/examine-bucket.ts';
import { optionsFor } from './_buckets.ts';
import { ScriptedS3 } from './_scripted.ts';

const authorization = 'the token of the container';
const hourMs = 3_600_000;

/** What the endpoint of a container responds with, as ECS and EKS have it. */
let response: () => { readonly status: number; readonly body: object };
let requests = 0;
const endpoint = createServer((request, reply) => {
  requests += 1;
  const { status, body } =
    request.headers.authorization === authorization ? response() : { status: 401, body: { message: 'no token' } };
  reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});

const keys = (accessKey: string, secretKey: string, expiresInMs: number) => ({
  AccessKeyId: accessKey,
  SecretAccessKey: secretKey,
  Token: 'session',
  Expiration: new Date(Date.now() + expiresInMs).toISOString(),
});

beforeAll(async () => {
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
});
afterAll(async () => {
  endpoint.closeAllConnections();
  endpoint.close();
  await once(endpoint, 'close');
});
beforeEach(() => {
  const { port } = endpoint.address() as AddressInfo;
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE']) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere');
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', `http://127.0.0.1:${port}/credentials`);
  vi.stubEnv('AWS_CONTAINER_AUTHORIZATION_TOKEN', authorization);
  requests = 0;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

test('credentials of a container are taken from its endpoint once, and renewed before they expire', async () => {
  response = () => ({ status: 200, body: keys('first', 's1', hourMs) });
  const source = chainCredentials('eu-central-1');
  const first = { accessKey: 'first', secretKey: 's1', sessionToken: 'session' };
  expect(await Promise.all([source(), source()])).toEqual([first, first]);
  expect(await source()).toEqual(first);
  expect(requests).toBe(1);
  response = () => ({ status: 200, body: keys('second', 's2', 2 * hourMs) });
  vi.useFakeTimers({ now: Date.now() + hourMs - 60_000, toFake: ['Date'] });
  await expect.poll(async () => (await source()).accessKey).toBe('second');
});

test('those before stay until they expire while the endpoint fails', async () => {
  response = () => ({ status: 200, body: keys('first', 's1', hourMs) });
  const source = chainCredentials('eu-central-1');
  await source();
  response = () => ({ status: 400, body: { message: 'no role' } });
  vi.useFakeTimers({ now: Date.now() + hourMs - 60_000, toFake: ['Date'] });
  expect(await source()).toMatchObject({ accessKey: 'first' });
  vi.setSystemTime(Date.now() + 120_000);
  await expect(source()).rejects.toThrow();
});

test('a bucket is used with them, and without any the key of the configuration is named', async () => {
  response = () => ({ status: 200, body: keys('of-the-role', 'secret', hourMs) });
  await using s3 = await ScriptedS3.start();
  const examine = () => examineBucket(optionsFor(s3.access, { credentials: chainCredentials('us-east-1') }));
  expect(await examine()).toEqual([]);
  for (const { headers } of s3.seen) {
    expect(headers.authorization).toContain('Credential=of-the-role/');
    expect(headers['x-amz-security-token']).toBe('session');
  }
  vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', undefined);
  expect(await examine()).toEqual([
    { key: 's3.credentials', message: expect.stringMatching(/^cannot be read: Could not load credentials/) },
  ]);
});

test('nothing of the SDK is loaded before the first credentials of the chain', async () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ resolve(name, context, next) { loaded.push(name); return next(name, context); } });
    const { chainCredentials, environmentCredentials } = await import('${import.meta.resolve('../../src/index.ts')}');
    await environmentCredentials({ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' })();
    const source = chainCredentials('us-east-1');
    const before = loaded.some((name) => name.startsWith('@aws-sdk/'));
    await source().catch(() => {});
    console.log(JSON.stringify([before, loaded.includes('@aws-sdk/credential-provider-node')]));`;
  const output = await runOk(process.execPath, ['--input-type=module', '--eval', script]);
  expect(JSON.parse(output)).toEqual([false, true]);
});
