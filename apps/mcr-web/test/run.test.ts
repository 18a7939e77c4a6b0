import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { version } from '@mcr/core';
import { createTestCa, startProcess, tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { run } from '../src/run.ts';

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runWeb(argv: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const exitCode = await run(argv, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    env,
    stop: AbortSignal.abort(),
  });
  return { exitCode, stdout, stderr };
}

test('--version prints the version of the build and nothing else', async () => {
  expect(await runWeb(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help shows the command, with examples', async () => {
  const { exitCode, stdout, stderr } = await runWeb(['--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatchInlineSnapshot(`
    "mcr-web <command>

    The registry in a browser

    Commands:
      mcr-web server  Serve the web UI until SIGTERM or SIGINT

    Options:
          --version  Show version number                                   [boolean]
      -h, --help     Show help                                             [boolean]

    Each key can be overridden by a variable, such as MCR_WEB_LISTEN_ADDR

    Examples:
      # Serve as the file says
      mcr-web server --config /srv/mcr/mcr.toml
      # The same on another port
      MCR_WEB_LISTEN_ADDR=:8081 mcr-web server --config mcr.toml
    "
  `);
});

test('server --help shows its option, with examples', async () => {
  const { exitCode, stdout, stderr } = await runWeb(['server', '--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatchInlineSnapshot(`
    "mcr-web server

    Serve the web UI until SIGTERM or SIGINT

    Options:
          --version  Show version number                                   [boolean]
      -h, --help     Show help                                             [boolean]
          --config   Path of mcr.toml, of which [web] and [log] are read
                                                                 [string] [required]

    Each key can be overridden by a variable, such as MCR_WEB_LISTEN_ADDR

    Examples:
      # Serve as the file says
      mcr-web server --config /srv/mcr/mcr.toml
      # The same on another port
      MCR_WEB_LISTEN_ADDR=:8081 mcr-web server --config mcr.toml
    "
  `);
});

test.each([
  ['no command', [], 'A command is missing'],
  ['an unknown command', ['serve'], 'Unknown argument: serve'],
  ['no configuration', ['server'], 'Missing required argument: config'],
  ['a configuration without its path', ['server', '--config'], 'Not enough arguments following: config'],
  ['an unknown option', ['server', '--config', 'mcr.toml', '--port', '1'], 'Unknown argument: port'],
])('%s is wrong usage', async (_name, argv, message) => {
  expect(await runWeb(argv)).toEqual({ exitCode: 2, stdout: '', stderr: `error: ${message}; see mcr-web --help\n` });
});

test('a configuration that cannot be used is told whole', async () => {
  await using folder = await tempDirectory();
  const file = join(folder.path, 'mcr.toml');
  await writeFile(file, '[web]\nlisten_addr = "nowhere"\nca_cert = "ca.crt"\n');
  const { exitCode, stderr } = await runWeb(['server', '--config', file]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('The configuration has 2 problems:');
  expect(stderr).toContain('web.listen_addr: ');
  expect(stderr).toContain('web.ca_cert: ');
});

test.each([
  ['a ca_cert without a certificate', { MCR_WEB_CA_CERT: 'empty' }, 'web.ca_cert'],
  ['a tls_cert without a certificate', { MCR_WEB_TLS_CERT: 'empty', MCR_WEB_TLS_KEY: 'web.key' }, 'web.tls_cert'],
  ['a tls_key without a key', { MCR_WEB_TLS_CERT: 'web.crt', MCR_WEB_TLS_KEY: 'empty' }, 'web.tls_key'],
  ['a tls_key of another certificate', { MCR_WEB_TLS_CERT: 'web.crt', MCR_WEB_TLS_KEY: 'other.key' }, 'web.tls_key'],
])('%s is a problem of the configuration', async (_name, env, key) => {
  await using folder = await tempDirectory();
  const ca = await createTestCa();
  const own = await ca.issue();
  const files = { 'web.crt': own.certPem, 'web.key': own.keyPem, 'other.key': (await ca.issue()).keyPem, empty: '' };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder.path, name), text, { mode: 0o600 });
  const file = join(folder.path, 'mcr.toml');
  await writeFile(file, '[web]\nlisten_addr = "127.0.0.1:0"\n');
  const { exitCode, stderr } = await runWeb(['server', '--config', file], env);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('The configuration has 1 problem:');
  expect(stderr).toContain(key);
});

test('a reload does not end the UI, which has no certificate of its own', async () => {
  await using folder = await tempDirectory();
  const file = join(folder.path, 'mcr.toml');
  await writeFile(file, '[web]\nlisten_addr = "127.0.0.1:0"\n');
  const main = join(import.meta.dirname, '..', 'src', 'main.ts');
  await using web = await startProcess(process.execPath, [main, 'server', '--config', file]);
  const url = () => /"url":"(http:[^"]+)"/.exec(web.output())?.[1];
  await expect.poll(url, { timeout: 30_000 }).toBeDefined();
  web.kill('SIGHUP');
  expect((await fetch(`${url()}/login`)).status).toBe(200);
  expect(await web.stop()).toMatchObject({ code: 0, signal: null });
});

test('an address that is taken is named', async () => {
  await using folder = await tempDirectory();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const file = join(folder.path, 'mcr.toml');
  await writeFile(file, `[web]\nlisten_addr = "${address}"\n[log]\nlevel = "error"\n`);
  const { exitCode, stderr } = await runWeb(['server', '--config', file]);
  other.close();
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(`error: cannot listen on web.listen_addr ${address}: listen EADDRINUSE`);
});

test('a server that is told to end exits with 0', async () => {
  await using folder = await tempDirectory();
  const file = join(folder.path, 'mcr.toml');
  await writeFile(file, '[web]\nlisten_addr = "127.0.0.1:0"\n[log]\nlevel = "error"\n');
  expect(await runWeb(['server', '--config', file])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});
