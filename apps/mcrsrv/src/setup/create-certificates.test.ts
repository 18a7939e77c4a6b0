import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { type ConnectionOptions, connect, createServer } from 'node:tls';
import { run, tempDirectory } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { type CertificatePaths, createCertificates } from './create-certificates.ts';

const day = 86_400_000;

/** Certificates for the loopback, `registry.lan` and 192.0.2.7, in a directory of their own. */
async function certificates() {
  const directory = await tempDirectory();
  const paths = await createCertificates({
    directory: join(directory.path, 'tls'),
    hosts: ['registry.lan', '192.0.2.7'],
  });
  return { ...paths, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

async function readCertificate(path: string): Promise<X509Certificate> {
  return new X509Certificate(await readFile(path));
}

/** Lasts from `validFrom` to `validTo`, both included. */
function lifetimeOf({ validFromDate, validToDate }: X509Certificate): number {
  return validToDate.getTime() - validFromDate.getTime() + 1_000;
}

/** The name of the error that ends the handshake with a server on 127.0.0.1, or undefined if it succeeds. */
async function handshake({ certPath, keyPath }: CertificatePaths, options: ConnectionOptions) {
  const identity = { cert: await readFile(certPath), key: await readFile(keyPath), minVersion: 'TLSv1.3' as const };
  const server = createServer(identity, (socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, ...options });
  try {
    await once(socket, 'secureConnect');
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  } finally {
    socket.destroy();
    server.close();
  }
}

describe('the files', () => {
  test('are three, and only the key is secret', async () => {
    await using paths = await certificates();
    const directory = dirname(paths.caPath);
    expect(await readdir(directory)).toEqual(['ca.crt', 'server.crt', 'server.key']);
    expect(await readdir(dirname(directory))).toEqual(['tls']);
    const modes = [paths.caPath, paths.certPath, paths.keyPath, directory].map(
      async (path) => (await stat(path)).mode & 0o777,
    );
    expect(await Promise.all(modes)).toEqual([0o644, 0o644, 0o600, 0o755]);
  });

  test('hold no private key but the one of the server', async () => {
    await using paths = await certificates();
    const server = await readCertificate(paths.certPath);
    expect(server.checkPrivateKey(createPrivateKey(await readFile(paths.keyPath)))).toBe(true);
    expect(await readFile(paths.caPath, 'utf8')).toMatch(
      /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/,
    );
  });

  test('do not replace a directory in use', async () => {
    await using parent = await tempDirectory();
    const directory = join(parent.path, 'tls');
    await mkdir(directory);
    await writeFile(join(directory, 'server.key'), 'mine');
    await expect(createCertificates({ directory, hosts: [] })).rejects.toThrow(/ENOTEMPTY|EEXIST/);
    expect(await readFile(join(directory, 'server.key'), 'utf8')).toBe('mine');
    expect(await readdir(parent.path)).toEqual(['tls']);
  });

  test('are not made for an invalid host', async () => {
    await using parent = await tempDirectory();
    const made = createCertificates({ directory: join(parent.path, 'tls'), hosts: ['https://registry.lan'] });
    await expect(made).rejects.toThrow('"https://registry.lan" is not a host');
    expect(await readdir(parent.path)).toEqual([]);
  });
});

describe('the authority', () => {
  test('is one, with a P-256 key, for ten years', async () => {
    await using paths = await certificates();
    const ca = await readCertificate(paths.caPath);
    expect(ca.ca).toBe(true);
    expect(ca.checkIssued(ca)).toBe(true);
    expect(ca.verify(ca.publicKey)).toBe(true);
    expect(ca.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(lifetimeOf(ca)).toBe(3_650 * day);
  });

  test('has a name and serial numbers of its own each time', async () => {
    await using first = await certificates();
    await using second = await certificates();
    const all = await Promise.all([first.caPath, first.certPath, second.caPath, second.certPath].map(readCertificate));
    expect(new Set(all.map(({ serialNumber }) => serialNumber)).size).toBe(4);
    for (const { serialNumber } of all) expect(serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
    expect(all[0]?.subject).not.toBe(all[2]?.subject);
  });
});

describe('the certificate of the server', () => {
  test('is signed by the authority for 825 days and is none itself', async () => {
    await using paths = await certificates();
    const [ca, server] = await Promise.all([paths.caPath, paths.certPath].map(readCertificate));
    expect(server?.ca).toBe(false);
    expect(ca && server?.checkIssued(ca)).toBe(true);
    expect(ca && server?.verify(ca.publicKey)).toBe(true);
    expect(server && lifetimeOf(server)).toBe(825 * day);
    expect(server?.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  });

  test('is for servers and for signatures only', async () => {
    await using paths = await certificates();
    expect((await readCertificate(paths.certPath)).keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  test('names the loopback and the hosts', async () => {
    await using paths = await certificates();
    const server = await readCertificate(paths.certPath);
    for (const name of ['localhost', 'registry.lan']) expect(server.checkHost(name)).toBe(name);
    for (const address of ['127.0.0.1', '::1', '192.0.2.7']) expect(server.checkIP(address)).toBe(address);
    expect(server.checkHost('registry.example.com')).toBeUndefined();
    expect(server.checkIP('127.0.0.2')).toBeUndefined();
  });
});

describe('a TLS 1.3 handshake', () => {
  test.each([{}, { servername: 'localhost' }, { servername: 'registry.lan' }])(
    'succeeds with the authority: %j',
    async (names) => {
      await using paths = await certificates();
      expect(await handshake(paths, { ca: await readFile(paths.caPath), ...names })).toBeUndefined();
    },
  );

  test('fails for another name', async () => {
    await using paths = await certificates();
    const options = { ca: await readFile(paths.caPath), servername: 'evil.example' };
    expect(await handshake(paths, options)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('fails with the authority of another server', async () => {
    await using paths = await certificates();
    await using others = await certificates();
    expect(await handshake(paths, { ca: await readFile(others.caPath) })).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });
});

describe('openssl', () => {
  test('verifies the chain in strict mode, for each host', async () => {
    await using paths = await certificates();
    for (const host of [
      ['-verify_hostname', 'localhost'],
      ['-verify_hostname', 'registry.lan'],
      ['-verify_ip', '127.0.0.1'],
      ['-verify_ip', '::1'],
    ]) {
      const verify = [
        'verify',
        '-x509_strict',
        '-purpose',
        'sslserver',
        ...host,
        '-CAfile',
        paths.caPath,
        paths.certPath,
      ];
      expect(await run('openssl', verify)).toMatchObject({ code: 0, stdout: `${paths.certPath}: OK\n` });
    }
  });
});
