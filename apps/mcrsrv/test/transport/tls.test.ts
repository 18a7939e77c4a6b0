import { rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createTestCa, RawConnection, type TestCa } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { logOf } from '../_util/log.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
let other: TestCa;

beforeAll(async () => {
  other = await createTestCa();
});

/** The fingerprint of the certificate that a new connection is shown. */
async function fingerprint(): Promise<string> {
  await using connection = await RawConnection.open(server(), { rejectUnauthorized: false });
  return connection.socket.getPeerCertificate().fingerprint256;
}

async function expectOnlyTls13(): Promise<void> {
  const lax = { rejectUnauthorized: false };
  await expect(RawConnection.open(server(), { ...lax, maxVersion: 'TLSv1.2' })).rejects.toThrow(
    /alert|version|protocol/i,
  );
  await using connection = await RawConnection.open(server(), lax);
  expect(connection.socket.getProtocol()).toBe('TLSv1.3');
}

/** Puts other files in the place of the old ones, as tools do that renew certificates. */
async function replace(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(server().directory, 'tls', name);
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
}

const reloads = () => logOf(server()).filter(({ msg }) => msg === 'certificate reloaded').length;
const failures = () => logOf(server()).filter(({ msg }) => msg.startsWith('certificate not reloaded')).length;

test('TLS 1.3 is spoken, and nothing older', async () => {
  await expectOnlyTls13();
});

test('plain HTTP on the port is no response and no harm', async () => {
  const socket = connect(server().port, '127.0.0.1');
  socket.write('GET /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const chunks: Buffer[] = [];
  for await (const chunk of socket as AsyncIterable<Buffer>) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString('latin1')).not.toContain('HTTP/1.1 200');
  expect((await server().admin.request('GET', '/v2/')).status).toBe(200);
});

describe('the certificate', () => {
  test('is exchanged when its files are, under connections that go on', async () => {
    const before = await fingerprint();
    await using old = await RawConnection.open(server());
    const { certPem, keyPem } = await other.issue();
    await replace({ 'server.crt': certPem, 'server.key': keyPem });
    await expect.poll(fingerprint, pollOptions).not.toBe(before);
    await expectOnlyTls13();
    await old.send('GET /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect((await old.read()).status).toBe(401);
    await using trusting = await RawConnection.open({ port: server().port, ca: other.caPem });
    expect(trusting.socket.authorized).toBe(true);
  });

  test('is read again on SIGHUP, without waiting', async () => {
    const before = reloads();
    process.kill(process.pid, 'SIGHUP');
    await expect.poll(reloads, pollOptions).toBeGreaterThan(before);
    await expectOnlyTls13();
  });

  test.each([
    ['a key of another certificate', async () => ({ 'server.key': (await other.issue()).keyPem })],
    ['no PEM at all', async () => ({ 'server.crt': 'nonsense' })],
    ['nothing', async () => ({ 'server.crt': '' })],
  ])('stays in use when its files hold %s', async (_, files) => {
    const before = await fingerprint();
    const failed = failures();
    await replace(await files());
    process.kill(process.pid, 'SIGHUP');
    await expect.poll(failures, pollOptions).toBeGreaterThan(failed);
    expect(await fingerprint()).toBe(before);
    await expectOnlyTls13();
  });

  test('is exchanged once they hold a pair again', async () => {
    const before = await fingerprint();
    const { certPem, keyPem } = await other.issue();
    await replace({ 'server.crt': certPem, 'server.key': keyPem });
    process.kill(process.pid, 'SIGHUP');
    await expect.poll(fingerprint, pollOptions).not.toBe(before);
  });
});
