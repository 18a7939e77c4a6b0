import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@mcr/config';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from '../paths.ts';
import { run } from '../run.ts';
import { nextSteps } from './next-steps.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'mcr-next-steps-'));
  mkdirSync(join(dir, 'tls'));
  for (const file of ['tls/ca.crt', 'tls/server.crt', 'tls/server.key', 'initial-admin-password']) {
    writeFileSync(join(dir, file), file, { mode: 0o600 });
  }
});

afterEach(() => rmSync(dir, { recursive: true }));

const text = `
[server]
listen_addr = "127.0.0.1:8443"
tls_cert = "tls/server.crt"
tls_key = "tls/server.key"
[database]
path = "mcr.db"
[storage]
layers_path = "layers"
[auth]
provider = "local"
[web]
tls_cert = "tls/server.crt"
tls_key = "tls/server.key"
`;

const stepsWith = (env: Record<string, string>, cwd: string = root): string =>
  nextSteps(loadConfig({ path: join(dir, 'mcr.toml'), text, env }), dir, cwd);

test('podman gets a directory with the CA and nothing else', () => {
  expect(stepsWith({})).toMatch(
    /podman login --cert-dir \S*client-certs --username admin --password-stdin localhost:8443/,
  );
  expect(readdirSync(join(dir, 'client-certs'))).toEqual(['ca.crt']);
});

test('the ports are those in effect', () => {
  const steps = stepsWith({ MCR_SERVER_LISTEN_ADDR: ':18443', MCR_WEB_LISTEN_ADDR: '0.0.0.0:18080' });
  expect(steps).toContain('registry localhost:18443, web UI https://localhost:18080');
  expect(steps).not.toContain(' localhost:8443');
});

test('public URLs are what clients and people are told to use', () => {
  const steps = stepsWith({
    MCR_SERVER_PUBLIC_URL: 'https://registry.example.com',
    MCR_WEB_PUBLIC_URL: 'https://ui.example.com',
  });
  expect(steps).toContain('docker login --username admin --password-stdin registry.example.com');
  expect(steps).toContain('web UI https://ui.example.com');
});

test('the programs of the checkout are called by npx', () => {
  const steps = stepsWith({});
  expect(steps).toMatch(/^ {2}npx mcrsrv account passwd admin --config \S*\/mcr\.toml$/m);
  expect(steps).toMatch(
    /^ {2}npx mcrctl login --server https:\/\/localhost:8443 --ca-cert \S*\/tls\/ca\.crt --username admin <\S*initial-admin-password$/m,
  );
});

test('elsewhere the programs are called by their paths', () => {
  expect(stepsWith({}, '/')).toContain(`  ${root}/node_modules/.bin/mcrctl login`);
});

test('mcrctl is told a gRPC port that is not the usual one', () => {
  expect(stepsWith({ MCR_SERVER_GRPC_ADDR: '127.0.0.1:19443' })).toContain(' --grpc localhost:19443 --ca-cert');
  expect(stepsWith({ MCR_SERVER_GRPC_ADDR: '127.0.0.1:9443' })).not.toContain('--grpc');
});

test.each([
  ['mcrctl', "The operator's command line"],
  ['mcrsrv', 'container registry'],
])('npx %s runs the program of this checkout', { timeout: 60_000 }, async (program, title) => {
  const { code, stdout } = await run('npx', ['--offline', program, '--help'], { capture: true });
  expect([code, stdout]).toEqual([0, expect.stringContaining(title)]);
});

test('what a shell would take apart is quoted', () => {
  renameSync(dir, `${dir} data`);
  dir = `${dir} data`;
  expect(stepsWith({})).toMatch(/--config '\S* data\/mcr\.toml'$/m);
  expect(stepsWith({})).toMatch(/--cert-dir '\S* data\/client-certs' .* <'\S* data\/initial-admin-password'$/m);
});

test('without an initial password no account is named', () => {
  rmSync(join(dir, 'initial-admin-password'));
  expect(stepsWith({})).toContain('docker login localhost:8443');
  expect(stepsWith({})).not.toContain('admin');
});
