import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { createTestCa, freePort, type IssueOptions } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority, type TestAuthority } from './_util/connections.ts';
import { responses, startHttp2, startHttps } from './_util/https-server.ts';
import { runMcrctl, type Surroundings } from './_util/run-mcrctl.ts';

let authority: TestAuthority;

beforeAll(async () => {
  authority = await createAuthority();
});
afterAll(() => authority[Symbol.asyncDispose]());

const nothing = responses({});

/** A command of each API, at an address with a problem. */
const commands = {
  '--server': (url: string) => ['status', '--server', url],
  '--grpc': (url: string) => ['whoami', '--server', 'https://127.0.0.1:1', '--grpc', url, '--token', 'token'],
};
const options = ['--server', '--grpc'] as const;

async function ask(option: (typeof options)[number], url: string, more?: readonly string[], around?: Surroundings) {
  const argv = [...commands[option](url), ...(more ?? ['--ca-cert', authority.caFile])];
  const { exitCode, stdout, stderr } = await runMcrctl(argv, around);
  expect(stdout).toBe('');
  return { exitCode, stderr };
}

const failure = (message: string, hint: string) => ({ exitCode: 1, stderr: `error: ${message}\nhint: ${hint}\n` });

describe.each(options)('at the address of %s', (option) => {
  const serve = (issue?: IssueOptions) =>
    option === '--server' ? authority.serve(nothing, issue) : authority.serveHttp2(nothing, issue);

  test('a rejected connection asks whether a server is there', async () => {
    const url = `https://127.0.0.1:${await freePort()}`;
    const hint = {
      '--server': 'is mcrsrv running there? Check the address in --server',
      '--grpc': 'is server.grpc_addr set in mcr.toml? Pass its address with --grpc',
    };
    expect(await ask(option, url)).toEqual(failure(`cannot connect to ${url}: connection refused`, hint[option]));
  });

  test('an unknown authority suggests --ca-cert', async () => {
    await using server = await serve();
    expect(await ask(option, server.url, [])).toEqual(
      failure(
        `cannot connect to ${server.url}: its certificate is signed by an unknown authority`,
        'pass the file of its CA with --ca-cert or MCR_CA_CERT',
      ),
    );
  });

  test('an authority of another server is named', async () => {
    const { certPem, keyPem } = await (await createTestCa()).issue();
    await using server = await startHttp2({ cert: certPem, key: keyPem }, nothing);
    expect(await ask(option, server.url)).toEqual(
      failure(
        `cannot connect to ${server.url}: its certificate is signed by an unknown authority`,
        `${authority.caFile} is not its CA; ask the operator for the right file for --ca-cert`,
      ),
    );
  });

  test('a certificate for another name lists its names', async () => {
    await using server = await serve({ hosts: ['registry.example.com', '10.0.0.7'] });
    expect(await ask(option, server.url)).toEqual(
      failure(
        `cannot connect to ${server.url}: its certificate is for another name: registry.example.com, 10.0.0.7`,
        `use a name of the certificate in ${option}`,
      ),
    );
  });

  test('an expired certificate is called expired', async () => {
    await using server = await serve({ notAfter: new Date(Date.now() - 1000) });
    expect(await ask(option, server.url)).toEqual(
      failure(`cannot connect to ${server.url}: its certificate has expired`, 'the operator must renew it'),
    );
  });

  test('a server that does not respond in time suggests --timeout', async () => {
    const silent = createTlsServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { certPem, keyPem } = await authority.ca.issue();
    silent.setSecureContext({ cert: certPem, key: keyPem });
    const url = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const outcome = await ask(option, url, ['--ca-cert', authority.caFile, '--timeout', '100ms']);
    silent.close();
    expect(outcome).toEqual(
      failure(
        `cannot connect to ${url}: no response within 0.1 s`,
        'check the address and the firewall, or raise --timeout',
      ),
    );
  });

  test('another kind of server over TLS is detected', async () => {
    const { certPem, keyPem } = await authority.ca.issue();
    const server = createTlsServer({ cert: certPem, key: keyPem }, (socket) => void socket.end('220 mail ready\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const outcome = await ask(option, url);
    server.close();
    expect(outcome).toEqual(
      failure(`cannot connect to ${url}: its response is not HTTP/1.1`, `check the port in ${option}`),
    );
  });

  test('a server of plain http is detected', async () => {
    const server = createServer(nothing).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const outcome = await ask(option, url);
    server.closeAllConnections();
    server.close();
    expect(outcome).toEqual(
      failure(`cannot connect to ${url}: it does not support https with TLS 1.3`, `check the port in ${option}`),
    );
  });

  test('an unknown host suggests to check the name', async () => {
    expect(await ask(option, 'https://nosuch.invalid:8443')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/unknown host|the DNS server does not respond/),
    });
  });

  test('an invalid --ca-cert is a usage error', async () => {
    const missing = join(authority.directory, 'missing.crt');
    const garbage = join(authority.directory, 'garbage.crt');
    await writeFile(garbage, 'not a certificate');
    const hint = 'hint: pass the PEM file of the CA with --ca-cert, such as srv/tls/ca.crt\n';
    expect(await ask(option, 'https://127.0.0.1:1', ['--ca-cert', missing])).toEqual({
      exitCode: 2,
      stderr: `error: --ca-cert "${missing}" is unusable: no such file\n${hint}`,
    });
    expect(await ask(option, 'https://127.0.0.1:1', ['--ca-cert', garbage])).toEqual({
      exitCode: 2,
      stderr: `error: --ca-cert "${garbage}" is unusable: it contains no PEM certificate\n${hint}`,
    });
  });
});

test('a server without HTTP/2 at --grpc is first of all not trusted', async () => {
  await using server = await authority.serve(nothing);
  const outcome = await ask('--grpc', server.url, []);
  expect(outcome.stderr).toMatch(`cannot connect to ${server.url}: its certificate is signed by an unknown authority`);
});

test('an incomplete response is a closed connection', async () => {
  await using server = await authority.serve((_request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{');
    setImmediate(() => response.destroy());
  });
  expect(await ask('--server', server.url)).toEqual(
    failure(
      `cannot connect to ${server.url}: it closed the connection without a response`,
      'check the port in --server',
    ),
  );
});

test('a server of TLS 1.2 suggests to check the port', async () => {
  const { certPem, keyPem } = await authority.ca.issue();
  await using server = await startHttps({ cert: certPem, key: keyPem, maxVersion: 'TLSv1.2' }, nothing);
  expect(await ask('--server', server.url)).toEqual(
    failure(`cannot connect to ${server.url}: it does not support https with TLS 1.3`, 'check the port in --server'),
  );
});

test('exits with 130 if the user cancels while counts are read', async () => {
  const interrupt = new AbortController();
  const health = [200, { status: 'ok', version: 'v1' }] as const;
  const others = responses({ '/v1/health': health, '/v1/ready': [200, { status: 'ready', checks: {} }] });
  await using server = await authority.serve(others);
  await using rpc = await authority.serveHttp2(() => interrupt.abort());
  const more = ['--ca-cert', authority.caFile, '--token', 'token', '--grpc', rpc.url];
  const outcome = await ask('--server', server.url, more, { signal: interrupt.signal });
  expect(outcome).toEqual({ exitCode: 130, stderr: 'cancelled\n' });
});

test('exits with 130 if the user cancels', async () => {
  const interrupt = new AbortController();
  await using server = await authority.serve(() => interrupt.abort());
  const outcome = await ask('--server', server.url, ['--ca-cert', authority.caFile], { signal: interrupt.signal });
  expect(outcome).toEqual({ exitCode: 130, stderr: 'cancelled\n' });
});
