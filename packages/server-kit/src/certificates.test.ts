import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { StartError } from '@mcr/config';
import { createTestCa, type IssueOptions } from '@mcr/testkit';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { Certificates } from './certificates.ts';

const ca = await createTestCa();
let directory: string;
let logged: { readonly level: string; readonly message: string }[];
let open: Certificates | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mcr-certificates-'));
  logged = [];
});
afterEach(() => {
  open?.close();
  open = undefined;
  rmSync(directory, { recursive: true });
});

const files = () =>
  ({ section: 'web', certPath: join(directory, 'web.crt'), keyPath: join(directory, 'web.key') }) as const;

/** Writes a new pair where the old one was. */
async function renew(options?: IssueOptions): Promise<string> {
  const { certPem, keyPem } = await ca.issue(options);
  writeFileSync(files().certPath, certPem);
  writeFileSync(files().keyPath, keyPem);
  return certPem;
}

function openFiles(): Certificates {
  const at = (level: string) => (_fields: unknown, message?: string) => void logged.push({ level, message: message! });
  open = new Certificates(files(), { info: at('info'), warn: at('warn'), error: at('error') });
  return open;
}

/** A server that remembers what it was given last. */
function attachTo(certificates: Certificates): { options?: SecureContextOptions } {
  const given: { options?: SecureContextOptions } = {};
  certificates.attach({ setSecureContext: (options) => void (given.options = options), setTicketKeys: () => {} });
  return given;
}

test('every set of options allows only TLS 1.3, with the cheapest suite first', async () => {
  await renew();
  const certificates = openFiles();
  const server = attachTo(certificates);
  await renew();
  certificates.reload();
  for (const options of [certificates.options, server.options]) {
    expect(options).toMatchObject({
      minVersion: 'TLSv1.3',
      ciphers: expect.stringMatching(/^TLS_AES_128_GCM_SHA256:/),
    });
    expect(() => createSecureContext(options)).not.toThrow();
  }
});

test('a pair that does not match is rejected at the start', async () => {
  await renew();
  writeFileSync(files().keyPath, (await ca.issue()).keyPem);
  expect(openFiles).toThrow(StartError);
  expect(openFiles).toThrow(/^web\.tls_key: .*web\.key" is not the key of the first certificate/);
});

test.each([
  ['a key of another certificate', 'web.key', async () => (await ca.issue()).keyPem],
  ['no certificate', 'web.crt', async () => 'nonsense'],
])('the old pair stays in use when the files hold %s', async (_, name, content) => {
  const first = await renew();
  const certificates = openFiles();
  const server = attachTo(certificates);
  writeFileSync(join(directory, name), await content());
  certificates.reload();
  expect(server.options).toBeUndefined();
  expect(String(certificates.options.cert)).toBe(first);
  expect(logged).toEqual([{ level: 'error', message: 'certificate not reloaded, the previous one stays in use' }]);
});

test('SIGHUP reads the files again, until the certificates are closed', async () => {
  // With no listener but the testkit's, which files of this process share, the signal would end the process.
  const ignore = () => {};
  process.on('SIGHUP', ignore);
  onTestFinished(() => void process.off('SIGHUP', ignore));
  await renew();
  const certificates = openFiles();
  const server = attachTo(certificates);
  const second = await renew({ notAfter: new Date(Date.now() + 90_000_000) });
  process.emit('SIGHUP');
  expect(String(server.options?.cert)).toBe(second);
  expect(certificates.notAfter).toBeGreaterThan(Date.now() + 89_000_000);
  expect(logged).toEqual([{ level: 'info', message: 'certificate reloaded' }]);
  certificates.close();
  process.emit('SIGHUP');
  expect(logged).toHaveLength(1);
});

test('an expired certificate is used, with a warning', async () => {
  await renew({ notAfter: new Date(Date.now() - 60_000) });
  openFiles();
  expect(logged).toEqual([{ level: 'warn', message: 'certificate has expired, clients reject it; renew it' }]);
});
