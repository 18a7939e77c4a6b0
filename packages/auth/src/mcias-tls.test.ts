import { createServer } from 'node:https';
import type { SecureVersion } from 'node:tls';
import { createTestCa, type IssueOptions } from '@mcr/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { MciasProvider } from './mcias-provider.ts';

interface Setup extends IssueOptions {
  readonly host?: string;
  readonly maxVersion?: SecureVersion;
  readonly trust?: 'its CA' | 'another CA' | 'both' | 'the system';
}

/** Validates a token at a server that accepts every token, provided its certificate is trusted. */
async function validateAt({ host = '127.0.0.1', maxVersion = 'TLSv1.3', trust = 'its CA', ...issue }: Setup) {
  const [ca, other] = [await createTestCa(), await createTestCa()];
  const { certPem, keyPem } = await ca.issue(issue);
  let asked = 0;
  const server = createServer({ cert: certPem, key: keyPem, maxVersion }, (_request, response) => {
    asked += 1;
    response.end(JSON.stringify({ valid: true, sub: 'id', expires_at: '2100-01-01T00:00:00Z' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const authorities = { 'its CA': ca.caPem, 'another CA': other.caPem, both: [other.caPem, ca.caPem] };
  const provider = new MciasProvider({
    serverUrl: `https://${host}:${port}`,
    serviceName: 'registry',
    tags: [],
    ...(trust === 'the system' ? {} : { caCert: authorities[trust] }),
  });
  onTestFinished(async () => {
    await provider.close();
    await new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  const result = await provider.validate('abc').catch((error: unknown) => error);
  return { asked, result };
}

test.each(['127.0.0.1', 'localhost'])('a server at %s with a certificate of the given CA is trusted', async (host) => {
  const { result, asked } = await validateAt({ host });
  expect(result).toMatchObject({ principal: { id: 'id' } });
  expect(asked).toBe(1);
});

test('a server with a certificate of one of several CAs is trusted', async () => {
  expect((await validateAt({ trust: 'both' })).result).toMatchObject({ principal: { id: 'id' } });
});

test.each<[string, Setup]>([
  ['that another CA vouches for', { trust: 'another CA' }],
  ['of a private CA, when none was configured', { trust: 'the system' }],
  ['whose certificate names another host', { hosts: ['mcias.example'] }],
  ['whose certificate has expired', { notAfter: new Date(Date.now() - 1000) }],
  ['that speaks TLS 1.2 at most', { maxVersion: 'TLSv1.2' }],
])('a server %s is not asked', async (_what, setup) => {
  const { result, asked } = await validateAt(setup);
  expect(result).toMatchObject({ code: 'UNAVAILABLE' });
  expect(asked).toBe(0);
});
