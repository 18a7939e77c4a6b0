import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { createTestCa, freePort } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { ask } from './_util/ask.ts';
import { startRegistry } from './_util/registry.ts';
import { visit } from './_util/visitor.ts';
import { startWeb, type Web } from './_util/web.ts';

test('each request is one line of JSON in the log, without its path', async () => {
  await using web = await startWeb({ grpcPort: await freePort() });
  const { headers, body } = await ask(web, '/static/secret?token=hunter2');
  expect(web.logged).toEqual([
    expect.objectContaining({
      level: 'info',
      msg: 'request',
      requestId: headers['x-request-id'],
      ip: '127.0.0.1',
      method: 'GET',
      route: '/*',
      status: 404,
      bytes: Buffer.byteLength(body),
      durationMs: expect.any(Number) as number,
    }),
  ]);
  expect(JSON.stringify(web.logged)).not.toMatch(/secret|hunter2/);
});

test('a request in flight is finished when the server stops, and no new ones are accepted', async () => {
  const ca = await createTestCa();
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const listRepositories = async () => {
    asked.resolve();
    await release.promise;
    return {};
  };
  await using registry = await startRegistry(await ca.issue(), () => ({}), 0, { registry: { listRepositories } });
  await using web = await startWeb({ ca, grpcPort: registry.port });
  const grace = visit(web);
  await grace.signIn('grace');
  const response = grace.get('/');
  await asked.promise;
  const stopped = web.stop();
  await expect(ask(web, '/')).rejects.toThrow(/ECONNREFUSED/);
  release.resolve();
  expect(await response).toMatchObject({ status: 200 });
  await stopped;
});

test('a renewed certificate is in use after SIGHUP, and a broken one is not', async () => {
  await using web = await startWeb({ grpcPort: await freePort() });
  const first = await certificateOf(web);

  const renewed = await web.ca.issue();
  await writeFile(join(web.folder, 'web.key'), 'broken');
  process.emit('SIGHUP');
  expect(await certificateOf(web)).toEqual(first);
  expect(web.logged.at(-1)).toMatchObject({ msg: 'certificate not reloaded, the previous one stays in use' });

  await writeFile(join(web.folder, 'web.key'), renewed.keyPem);
  await writeFile(join(web.folder, 'web.crt'), renewed.certPem);
  process.emit('SIGHUP');
  expect(await certificateOf(web)).not.toEqual(first);
  expect(web.logged.at(-1)).toMatchObject({ msg: 'certificate reloaded' });
  await expect(ask(web, '/', { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/);
});

test('plain HTTP to the TLS port gets 400 with an explanation', async () => {
  await using web = await startWeb({ grpcPort: await freePort() });
  const socket = connectTcp(Number(new URL(web.url).port), '127.0.0.1').setEncoding('utf8');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect((await socket.toArray()).join('')).toMatch(
    /^HTTP\/1\.1 400 [^]*Client sent an HTTP request to an HTTPS server/,
  );
});

async function certificateOf(web: Web): Promise<string> {
  const { hostname, port } = new URL(web.url);
  const socket = connect({ host: hostname, port: Number(port), ca: web.ca.caPem });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}
