import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, loadConfig, loadWebConfig, type WebConfig } from '@mcr/config';
import { createTestCa, tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { top } from './_util/release.ts';

/** Reads an example the way the programs do, with a directory that has all it names in place of /srv/mcr. */
async function load(name: string): Promise<{ server: Config; web: WebConfig }> {
  await using directory = await tempDirectory();
  const tls = join(directory.path, 'tls');
  await mkdir(tls);
  const ca = await createTestCa();
  const { certPem, keyPem } = await ca.issue();
  for (const file of ['ca.crt', 'mcias-ca.crt']) await writeFile(join(tls, file), ca.caPem);
  await writeFile(join(tls, 'server.crt'), certPem);
  await writeFile(join(tls, 'server.key'), keyPem, { mode: 0o600 });
  const text = (await readFile(join(top, 'deploy/examples', name), 'utf8')).replaceAll('/srv/mcr', directory.path);
  const input = { path: join(directory.path, 'mcr.toml'), text, env: {} };
  return { server: loadConfig(input), web: loadWebConfig(input) };
}

test('mcr-behind-proxy.toml listens on the loopback only, trusts the proxy there, and sends clients to its address', async () => {
  const { server, web } = await load('mcr-behind-proxy.toml');
  const { listenAddr, grpcAddr, metricsAddr, publicUrl, trustedProxies } = server.server;
  const hosts = [listenAddr, grpcAddr, metricsAddr, web.web.listenAddr].map((address) => address?.host);
  expect(hosts).toEqual(Array(4).fill('127.0.0.1'));
  expect({ publicUrl, trustedProxies }).toEqual({
    publicUrl: 'https://registry.example.com',
    trustedProxies: ['127.0.0.1'],
  });
  for (const name of ['nginx.conf', 'haproxy.cfg', 'Caddyfile', 'traefik.yaml']) {
    const proxy = await readFile(join(top, 'deploy/examples', name), 'utf8');
    expect(proxy).toMatch(new RegExp(`\\b${listenAddr.host}:${listenAddr.port}\\b`));
  }
});

test('mcr-local.toml keeps accounts in the database', async () => {
  const { server, web } = await load('mcr-local.toml');
  expect(server.auth.provider).toBe('local');
  expect(web.web.grpcAddr.port).toBe(server.server.grpcAddr?.port);
});

test('mcr-mcias.toml asks the identity service, under the authority that it names', async () => {
  const { server } = await load('mcr-mcias.toml');
  expect(server.auth.provider).toBe('mcias');
  expect(server.mcias).toMatchObject({
    serverUrl: 'https://mcias.example.com:8443',
    serviceName: 'mcr',
    tags: ['env:production'],
  });
});
