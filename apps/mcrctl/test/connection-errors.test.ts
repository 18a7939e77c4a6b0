import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { createTestCa, freePort, type TempDirectory, type TestCa, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answers, startHttps } from './_util/https-server.ts';
import { runMcrctl, type Surroundings } from './_util/run-mcrctl.ts';

let ca: TestCa;
let directory: TempDirectory;
let caFile: string;

beforeAll(async () => {
  ca = await createTestCa();
  directory = await tempDirectory();
  caFile = join(directory.path, 'ca.crt');
  await writeFile(caFile, ca.caPem);
});
afterAll(() => directory[Symbol.asyncDispose]());

const nothing = answers({});

async function status(server: string, extra: readonly string[] = ['--ca-cert', caFile], surroundings?: Surroundings) {
  const { exitCode, stdout, stderr } = await runMcrctl(['status', '--server', server, ...extra], surroundings);
  expect(stdout).toBe('');
  return { exitCode, stderr };
}

test('a refused connection asks whether mcrsrv is running', async () => {
  const url = `https://127.0.0.1:${await freePort()}`;
  expect(await status(url)).toEqual({
    exitCode: 1,
    stderr: `error: cannot ask ${url}: connection refused\nhint: is mcrsrv running there? Check the address in --server\n`,
  });
});

test('an unknown authority leads to --ca-cert', async () => {
  const { certPem, keyPem } = await ca.issue();
  await using server = await startHttps({ cert: certPem, key: keyPem }, nothing);
  expect(await status(server.url, [])).toEqual({
    exitCode: 1,
    stderr: `error: cannot ask ${server.url}: its certificate is signed by an unknown authority
hint: name the file of its authority with --ca-cert, or in MCR_CA_CERT\n`,
  });
});

test('an authority of another server is named', async () => {
  const { certPem, keyPem } = await (await createTestCa()).issue();
  await using server = await startHttps({ cert: certPem, key: keyPem }, nothing);
  expect(await status(server.url)).toEqual({
    exitCode: 1,
    stderr: `error: cannot ask ${server.url}: its certificate is signed by an unknown authority
hint: ${caFile} is not its authority; ask the operator for the right file for --ca-cert\n`,
  });
});

test('a certificate for another name lists its names', async () => {
  const { certPem, keyPem } = await ca.issue({ hosts: ['registry.example.com', '10.0.0.7'] });
  await using server = await startHttps({ cert: certPem, key: keyPem }, nothing);
  expect(await status(server.url)).toEqual({
    exitCode: 1,
    stderr: `error: cannot ask ${server.url}: its certificate is for another name: registry.example.com, 10.0.0.7
hint: use a name of the certificate in --server\n`,
  });
});

test('an expired certificate is called expired', async () => {
  const { certPem, keyPem } = await ca.issue({ notAfter: new Date(Date.now() - 60_000) });
  await using server = await startHttps({ cert: certPem, key: keyPem }, nothing);
  expect(await status(server.url)).toEqual({
    exitCode: 1,
    stderr: `error: cannot ask ${server.url}: its certificate has expired\nhint: the operator must renew it\n`,
  });
});

test('a server that does not answer in time leads to --timeout', async () => {
  const { certPem, keyPem } = await ca.issue();
  await using server = await startHttps({ cert: certPem, key: keyPem }, () => {});
  expect(await status(server.url, ['--ca-cert', caFile, '--timeout', '100ms'])).toEqual({
    exitCode: 1,
    stderr: `error: cannot ask ${server.url}: no answer within 0.1 s
hint: check the address and the firewall, or give it longer with --timeout\n`,
  });
});

test('an answer that breaks off is a closed connection', async () => {
  const { certPem, keyPem } = await ca.issue();
  await using server = await startHttps({ cert: certPem, key: keyPem }, (_request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{');
    setImmediate(() => response.destroy());
  });
  expect(await status(server.url)).toEqual({
    exitCode: 1,
    stderr: `error: cannot ask ${server.url}: it closed the connection without an answer\nhint: check the port in --server\n`,
  });
});

test('a server of TLS 1.2 leads to the port', async () => {
  const { certPem, keyPem } = await ca.issue();
  await using server = await startHttps({ cert: certPem, key: keyPem, maxVersion: 'TLSv1.2' }, nothing);
  expect(await status(server.url)).toEqual({
    exitCode: 1,
    stderr: `error: cannot ask ${server.url}: it does not speak https with TLS 1.3\nhint: check the port in --server\n`,
  });
});

test('a server of something else over TLS leads to the port', async () => {
  const { certPem, keyPem } = await ca.issue();
  const server = createTlsServer({ cert: certPem, key: keyPem }, (socket) => void socket.end('220 mail ready\r\n'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const outcome = await status(url);
  server.close();
  expect(outcome).toEqual({
    exitCode: 1,
    stderr: `error: cannot ask ${url}: its answer is not HTTP/1.1\nhint: check the port in --server\n`,
  });
});

test('a server of plain http leads to the port', async () => {
  const server = createServer(nothing).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const outcome = await status(url);
  server.closeAllConnections();
  server.close();
  expect(outcome).toEqual({
    exitCode: 1,
    stderr: `error: cannot ask ${url}: it does not speak https with TLS 1.3\nhint: check the port in --server\n`,
  });
});

test('a person who gives up gets 130', async () => {
  const { certPem, keyPem } = await ca.issue();
  const interrupt = new AbortController();
  await using server = await startHttps({ cert: certPem, key: keyPem }, () => interrupt.abort());
  expect(await status(server.url, ['--ca-cert', caFile], { signal: interrupt.signal })).toEqual({
    exitCode: 130,
    stderr: 'cancelled\n',
  });
});

test('a --ca-cert that cannot be used is wrong usage', async () => {
  const missing = join(directory.path, 'missing.crt');
  const garbage = join(directory.path, 'garbage.crt');
  await writeFile(garbage, 'not a certificate');
  const hint = 'hint: name the PEM file of the authority, such as srv/tls/ca.crt\n';
  expect(await status('https://127.0.0.1:1', ['--ca-cert', missing])).toEqual({
    exitCode: 2,
    stderr: `error: --ca-cert cannot be "${missing}": there is no such file\n${hint}`,
  });
  expect(await status('https://127.0.0.1:1', ['--ca-cert', garbage])).toEqual({
    exitCode: 2,
    stderr: `error: --ca-cert cannot be "${garbage}": it holds no PEM certificate\n${hint}`,
  });
});
