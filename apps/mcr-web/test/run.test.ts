import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { version } from '@mcr/core';
import { createTestCa, freePort, startProcess, type TempDirectory, tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { run } from '../src/run.ts';
import { startWeb } from './_util/web.ts';

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
    "Web interface of the MCR registry

    Usage: mcr-web <command> [options]

    Commands:
      server  Serve the web UI until SIGTERM or SIGINT
      check   Check a configuration without starting the web UI

    Options:
      -h, --help     Show help
          --version  Show the version of mcr-web

    Examples:
      # Serve as the file says
      mcr-web server --config /srv/mcr/mcr.toml
      # The same on another port
      MCR_WEB_LISTEN_ADDR=:8081 mcr-web server --config mcr.toml

    Each key can be overridden by a variable, such as MCR_WEB_LISTEN_ADDR
    mcr-web <command> --help shows examples
    "
  `);
});

test('server --help shows its option, with examples', async () => {
  const { exitCode, stdout, stderr } = await runWeb(['server', '--help']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatchInlineSnapshot(`
    "Serve the web UI until SIGTERM or SIGINT

    Usage: mcr-web server [options]

    Options:
          --config FILE  Path of mcr.toml; reads its [web] and [log] sections
                         (required)

    Examples:
      # Serve as the file says
      mcr-web server --config /srv/mcr/mcr.toml
      # The same on another port
      MCR_WEB_LISTEN_ADDR=:8081 mcr-web server --config mcr.toml

    Each key can be overridden by a variable, such as MCR_WEB_LISTEN_ADDR
    "
  `);
});

test.each([
  ['no command', [], 'no command given', 'mcr-web'],
  ['a mistyped command', ['serve'], 'Unknown command; did you mean server?', 'mcr-web'],
  ['an unknown command', ['teleport'], 'Unknown argument: teleport', 'mcr-web'],
  ['no configuration', ['server'], 'Missing required argument: config', 'mcr-web server'],
  ['a configuration without its path', ['server', '--config'], '--config needs a value', 'mcr-web server'],
  ['an unknown option', ['server', '--config', 'mcr.toml', '--port', '1'], 'Unknown argument: port', 'mcr-web server'],
  ['a word too many', ['check', '--config', 'mcr.toml', 'now'], 'Unknown argument: now', 'mcr-web check'],
])('%s is invalid usage', async (_name, argv, message, command) => {
  const stderr = `error: ${message}\nhint: see ${command} --help\n`;
  expect(await runWeb(argv)).toEqual({ exitCode: 2, stdout: '', stderr });
});

test('the last value of a repeated option counts', async () => {
  const { exitCode, stderr } = await runWeb(['check', '--config', '/nowhere/a.toml', '--config', '/nowhere/b.toml']);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^\/nowhere\/b\.toml: no such file;/);
});

test('all problems of a configuration are reported', async () => {
  await using folder = await tempDirectory();
  const file = join(folder.path, 'mcr.toml');
  await writeFile(file, '[web]\nlisten_addr = "nowhere"\nca_cert = "ca.crt"\n');
  const { exitCode, stderr } = await runWeb(['server', '--config', file]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('The configuration has 2 problems:');
  expect(stderr).toContain('web.listen_addr: ');
  expect(stderr).toContain('web.ca_cert: ');
});

const files = async (): Promise<Record<string, string>> => {
  const ca = await createTestCa();
  const own = await ca.issue();
  const old = await ca.issue({ notAfter: new Date(Date.now() - 60_000) });
  return {
    'web.crt': own.certPem,
    'web.key': own.keyPem,
    'old.crt': old.certPem,
    'old.key': old.keyPem,
    'other.key': (await ca.issue()).keyPem,
    empty: '',
  };
};

/** A directory with certificates, and the given configuration. */
async function folderWith(text: string): Promise<TempDirectory & { readonly file: string }> {
  const folder = await tempDirectory();
  for (const [name, content] of Object.entries(await files()))
    await writeFile(join(folder.path, name), content, { mode: 0o600 });
  const file = join(folder.path, 'mcr.toml');
  await writeFile(file, text);
  return { ...folder, file };
}

const quiet = '[web]\nlisten_addr = "127.0.0.1:0"\n[log]\nlevel = "error"\n';

test.each([
  [
    'a ca_cert without a certificate',
    { MCR_WEB_CA_CERT: 'empty' },
    'web.ca_cert',
    /empty" contains no PEM certificate; name/,
  ],
  [
    'a tls_cert without a certificate',
    { MCR_WEB_TLS_CERT: 'empty', MCR_WEB_TLS_KEY: 'web.key' },
    'web.tls_cert',
    /empty" contains no/,
  ],
  [
    'a tls_key without a key',
    { MCR_WEB_TLS_CERT: 'web.crt', MCR_WEB_TLS_KEY: 'empty' },
    'web.tls_key',
    /empty" contains no PEM private/,
  ],
  [
    'a tls_key of another certificate',
    { MCR_WEB_TLS_CERT: 'web.crt', MCR_WEB_TLS_KEY: 'other.key' },
    'web.tls_key',
    /not the key of/,
  ],
  [
    'a tls_key that is not there',
    { MCR_WEB_TLS_CERT: 'web.crt', MCR_WEB_TLS_KEY: 'none' },
    'web.tls_key',
    /none": no such file/,
  ],
  [
    'an address of another machine',
    { MCR_WEB_LISTEN_ADDR: '192.0.2.1:0' },
    'web.listen_addr',
    /is not an address of this machine/,
  ],
  [
    'an address of another machine for the metrics',
    { MCR_WEB_METRICS_ADDR: '192.0.2.1:0' },
    'web.metrics_addr',
    /is not an address of this machine/,
  ],
])('%s keeps it from starting, as check foretells, with key, file and remedy', async (_name, env, key, message) => {
  await using folder = await folderWith(quiet);
  const checked = await runWeb(['check', '--config', folder.file, '--json'], env);
  const verdict = JSON.parse(checked.stdout);
  expect(checked).toMatchObject({ exitCode: 1, stderr: '' });
  expect(verdict).toEqual({ ok: false, problems: [{ key, message: expect.stringMatching(message) }], warnings: [] });
  const line = `${key}: ${verdict.problems[0].message}\n`;
  expect(await runWeb(['check', '--config', folder.file], env)).toEqual({ exitCode: 1, stdout: '', stderr: line });
  const { exitCode, stderr } = await runWeb(['server', '--config', folder.file], env);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(line) });
});

test('check prints ok if the UI would start, with a warning about an expired certificate', async () => {
  await using folder = await folderWith(quiet);
  expect(await runWeb(['check', '--config', folder.file])).toEqual({ exitCode: 0, stdout: 'ok\n', stderr: '' });
  const env = { MCR_WEB_TLS_CERT: 'old.crt', MCR_WEB_TLS_KEY: 'old.key' };
  expect(await runWeb(['check', '--config', folder.file], env)).toEqual({
    exitCode: 0,
    stdout: 'ok\n',
    stderr: expect.stringMatching(/^warning: web\.tls_cert: ".*old\.crt" expired at .*; renew it\n$/),
  });
});

test.each(['http', 'https'])('check only warns about a web UI that is already running, over %s', async (scheme) => {
  const metricsAddr = '127.0.0.1:0';
  await using web = await startWeb({ grpcPort: await freePort(), tls: scheme === 'https', metricsAddr });
  await using folder = await folderWith(quiet);
  const pair = { MCR_WEB_TLS_CERT: 'web.crt', MCR_WEB_TLS_KEY: 'web.key' };
  const addresses = { MCR_WEB_LISTEN_ADDR: new URL(web.url).host, MCR_WEB_METRICS_ADDR: new URL(web.metricsUrl!).host };
  const env = { ...addresses, ...(scheme === 'https' && pair) };
  expect(await runWeb(['check', '--config', folder.file], env)).toEqual({
    exitCode: 0,
    stdout: 'ok\n',
    stderr: expect.stringMatching(
      /^warning: web\.listen_addr: a web UI is already listening on 127\.0\.0\.1:\d+, so a second one.*\nwarning: web\.metrics_addr: a web UI is already listening on .*\n$/,
    ),
  });
});

test('a reload does not stop a UI without its own certificate', async () => {
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

test('an address in use is reported', async () => {
  await using folder = await tempDirectory();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = `127.0.0.1:${(other.address() as AddressInfo).port}`;
  const file = join(folder.path, 'mcr.toml');
  await writeFile(file, `[web]\nlisten_addr = "${address}"\n[log]\nlevel = "error"\n`);
  const checked = await runWeb(['check', '--config', file]);
  const started = await runWeb(['server', '--config', file]);
  other.close();
  const line = `web.listen_addr: cannot listen on ${address}: the port is in use; stop the other process`;
  expect(checked).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining(line) });
  expect(started).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`error: ${line}`) });
});

test('a server exits with 0 after SIGTERM', async () => {
  await using folder = await tempDirectory();
  const file = join(folder.path, 'mcr.toml');
  await writeFile(file, '[web]\nlisten_addr = "127.0.0.1:0"\n[log]\nlevel = "error"\n');
  expect(await runWeb(['server', '--config', file])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});
