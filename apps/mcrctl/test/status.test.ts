import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestCa, type TempDirectory, type TestCa, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HttpsServer, responses, startHttps } from './_util/https-server.ts';
import { runMcrctl } from './_util/run-mcrctl.ts';

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

const health = [200, { status: 'ok', version: '1.2.3', commit: 'd563548' }] as const;
const ready = [200, { status: 'ready', checks: { database: 'ok', storage: 'ok' } }] as const;
const unavailable = [503, { status: 'unavailable', checks: { database: 'ok', storage: 'failed' } }] as const;

async function start(routes: Parameters<typeof responses>[0]): Promise<HttpsServer> {
  const { certPem, keyPem } = await ca.issue();
  return startHttps({ cert: certPem, key: keyPem, minVersion: 'TLSv1.3' }, responses(routes));
}

describe('a registry that is ready', () => {
  test('is shown to a user as an aligned table', async () => {
    await using server = await start({ '/v1/health': health, '/v1/ready': ready });
    const argv = ['status', '--server', server.url, '--ca-cert', caFile];
    expect(await runMcrctl([...argv, '--no-color'], { terminal: true })).toEqual({
      exitCode: 0,
      stdout: `server    ${server.url}\nstatus    ready\nversion   1.2.3\ncommit    d563548\ndatabase  ok\nstorage   ok\n`,
      stderr: '',
    });
  });

  test('of a registry whose identity service is down says what that means, and is no failure', async () => {
    const checks = { database: 'ok', storage: 'ok', identity: 'failed' };
    await using server = await start({ '/v1/health': health, '/v1/ready': [200, { status: 'degraded', checks }] });
    const { exitCode, stdout, stderr } = await runMcrctl(['status', '--server', server.url, '--ca-cert', caFile]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('status\tdegraded\n');
    expect(stdout).toContain('identity\tfailed\n');
    expect(stderr).toContain('the identity service does not respond: logins fail, known tokens work');
  });

  test('of a registry whose S3 is down says what that means, and is no failure', async () => {
    const checks = { database: 'ok', storage: 'failed' };
    await using server = await start({ '/v1/health': health, '/v1/ready': [200, { status: 'degraded', checks }] });
    const { exitCode, stderr } = await runMcrctl(['status', '--server', server.url, '--ca-cert', caFile]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('S3 does not respond: transfers of blobs fail, the rest works');
  });

  test('is shown to a program as tab-separated lines', async () => {
    await using server = await start({ '/v1/health': health, '/v1/ready': ready });
    const { stdout } = await runMcrctl(['status', '--server', server.url, '--ca-cert', caFile]);
    expect(stdout).toBe(
      `server\t${server.url}\nstatus\tready\nversion\t1.2.3\ncommit\td563548\ndatabase\tok\nstorage\tok\n`,
    );
  });

  test('is one JSON object with --json, also on a terminal', async () => {
    await using server = await start({ '/v1/health': health, '/v1/ready': ready });
    const argv = ['status', '--json', '--server', server.url, '--ca-cert', caFile];
    const { stdout } = await runMcrctl(argv, { terminal: true });
    const checks = { database: 'ok', storage: 'ok' };
    const facts = { server: server.url, status: 'ready', version: '1.2.3', commit: 'd563548' };
    expect(stdout).toBe(`${JSON.stringify({ ...facts, checks, counts: null, policy_default: null })}\n`);
  });

  test('of a version without a commit is shown as well', async () => {
    const old = [200, { status: 'ok', version: 'd563548' }] as const;
    await using server = await start({ '/v1/health': old, '/v1/ready': ready });
    const argv = ['status', '--server', server.url, '--ca-cert', caFile];
    expect(await runMcrctl(argv)).toMatchObject({ stdout: expect.stringContaining('\nversion\td563548\ncommit\t\n') });
    expect(await runMcrctl([...argv, '--json', 'commit'])).toMatchObject({ stdout: '{"commit":null}\n' });
  });

  test('can be given by MCR_SERVER and MCR_CA_CERT, over which options take precedence', async () => {
    await using server = await start({ '/v1/health': health, '/v1/ready': ready });
    const env = { XDG_CONFIG_HOME: directory.path, MCR_SERVER: server.url, MCR_CA_CERT: caFile };
    expect(await runMcrctl(['status'], { env })).toMatchObject({ exitCode: 0 });
    const misleading = { ...env, MCR_SERVER: 'https://nosuch.invalid', MCR_CA_CERT: '/nosuch.crt' };
    const argv = ['status', '--server', server.url, '--ca-cert', caFile];
    expect(await runMcrctl(argv, { env: misleading })).toMatchObject({ exitCode: 0 });
  });

  test('can be given by host and port alone', async () => {
    await using server = await start({ '/v1/health': health, '/v1/ready': ready });
    const argv = ['status', '--server', new URL(server.url).host, '--ca-cert', caFile];
    expect(await runMcrctl(argv)).toMatchObject({ exitCode: 0 });
  });
});

describe('a registry that is up but not ready', () => {
  test('is shown, and fails with the part that does not respond', async () => {
    await using server = await start({ '/v1/health': health, '/v1/ready': unavailable });
    expect(await runMcrctl(['status', '--server', server.url, '--ca-cert', caFile])).toEqual({
      exitCode: 1,
      stdout: `server\t${server.url}\nstatus\tunavailable\nversion\t1.2.3\ncommit\td563548\ndatabase\tok\nstorage\tfailed\n`,
      stderr: "error: the registry is up but not ready: it has no storage\nhint: the server's log says why\n",
    });
  });

  test('fails in JSON on stderr with --json', async () => {
    await using server = await start({ '/v1/health': health, '/v1/ready': unavailable });
    const { exitCode, stdout, stderr } = await runMcrctl([
      'status',
      '--json',
      '--server',
      server.url,
      '--ca-cert',
      caFile,
    ]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'unavailable', checks: { storage: 'failed' } });
    expect(JSON.parse(stderr)).toEqual({
      error: {
        message: 'the registry is up but not ready: it has no storage',
        hint: "the server's log says why",
        exit_code: 1,
      },
    });
  });
});

describe('a server that is not a registry', () => {
  test.each([
    ['has no health path', {}],
    ['says something else there', { '/v1/health': [200, 'fine'] }],
    ['redirects', { '/v1/health': [302, {}] }],
  ] as const)('and %s is detected', async (_name, routes) => {
    await using server = await start(routes);
    expect(await runMcrctl(['status', '--server', server.url, '--ca-cert', caFile])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `error: cannot read the status: ${server.url} does not respond like an MCR registry
hint: --server must be the address of server.listen_addr in mcr.toml\n`,
    });
  });
});
