import { execFile, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createTestCa, type IssuedCertificate } from './tls.ts';

const run = promisify(execFile);
/** Tests with a program that is not here are skipped, except in CI. */
const without = (program: string) => process.env.CI !== 'true' && spawnSync(program, ['--version']).error !== undefined;

async function files(contents: Record<string, string>): Promise<(name: string) => string> {
  const directory = await mkdtemp(join(tmpdir(), 'mcr-tls-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, content] of Object.entries(contents)) await writeFile(join(directory, name), content);
  return (name) => join(directory, name);
}

async function serve({ certPem, keyPem }: IssuedCertificate): Promise<number> {
  const server = createServer({ cert: certPem, key: keyPem, minVersion: 'TLSv1.3' }, (_request, response) => {
    response.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return address.port;
}

test.skipIf(without('openssl'))('openssl accepts the chain for a TLS server under its strict rules', async () => {
  const ca = await createTestCa();
  const { certPem } = await ca.issue();
  const path = await files({ 'ca.pem': ca.caPem, 'cert.pem': certPem });
  const options = ['-x509_strict', '-purpose', 'sslserver', '-verify_ip', '127.0.0.1'];
  const { stdout } = await run('openssl', ['verify', ...options, '-CAfile', path('ca.pem'), path('cert.pem')]);
  expect(stdout).toMatch(/cert\.pem: OK/);
});

test.skipIf(without('curl')).each(['localhost', '127.0.0.1'])(
  'curl verifies a server at %s with the CA alone',
  async (host) => {
    const ca = await createTestCa();
    const port = await serve(await ca.issue());
    const path = await files({ 'ca.pem': ca.caPem });
    const { stdout } = await run('curl', [
      '-sS',
      '--noproxy',
      '*',
      '--cacert',
      path('ca.pem'),
      `https://${host}:${port}/`,
    ]);
    expect(stdout).toBe('hello');
  },
);

test.skipIf(without('curl'))('curl rejects a server whose certificate another authority issued', async () => {
  const port = await serve(await (await createTestCa()).issue());
  const path = await files({ 'other.pem': (await createTestCa()).caPem });
  const options = ['-sS', '--noproxy', '*', '--cacert', path('other.pem'), `https://127.0.0.1:${port}/`];
  await expect(run('curl', options)).rejects.toMatchObject({ code: 60 });
});

test('a certificate names the hosts and the end of validity that were asked for', async () => {
  const notAfter = new Date(Date.UTC(2001, 1, 3));
  const { certPem } = await (await createTestCa()).issue({ hosts: ['registry.example', '::1'], notAfter });
  const certificate = new X509Certificate(certPem);
  expect(certificate.subjectAltName).toBe('DNS:registry.example, IP Address:0:0:0:0:0:0:0:1');
  expect(certificate.validToDate).toEqual(notAfter);
  expect(certificate.checkHost('localhost')).toBeUndefined();
});
