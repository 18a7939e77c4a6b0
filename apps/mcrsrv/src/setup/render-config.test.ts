import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig, loadWebConfig } from '@mcr/config';
import { tempDirectory } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { renderConfig } from './render-config.ts';

/** A directory that holds the files a rendered configuration names. */
async function directoryWithFiles() {
  const directory = await tempDirectory();
  await mkdir(join(directory.path, 'tls'));
  for (const name of ['ca.crt', 'server.crt', 'server.key'])
    await writeFile(join(directory.path, 'tls', name), '', { mode: 0o600 });
  return directory;
}

describe('renderConfig', () => {
  test('writes what mcrsrv and mcr-web accept, on the loopback', async () => {
    await using directory = await directoryWithFiles();
    const input = { path: join(directory.path, 'mcr.toml'), text: renderConfig(), env: {} };
    const config = loadConfig(input);
    expect(config.auth.provider).toBe('local');
    expect(config.server).toMatchObject({
      listenAddr: { host: '127.0.0.1', port: 8443 },
      grpcAddr: { host: '127.0.0.1', port: 9443 },
      tlsCert: join(directory.path, 'tls/server.crt'),
    });
    expect(config.database.path).toBe(join(directory.path, 'mcr.db'));
    expect(config.storage.uploadsPath).toBe(join(directory.path, 'uploads'));
    expect(loadWebConfig(input).web).toEqual({
      listenAddr: { host: '127.0.0.1', port: 8080 },
      grpcAddr: { host: '127.0.0.1', port: 9443 },
      caCert: join(directory.path, 'tls/ca.crt'),
      tlsCert: join(directory.path, 'tls/server.crt'),
      tlsKey: join(directory.path, 'tls/server.key'),
      trustedProxies: [],
    });
  });

  test('can open the listeners to the network', async () => {
    await using directory = await directoryWithFiles();
    const text = renderConfig({ everyInterface: true });
    const { server, web } = loadConfig({ path: join(directory.path, 'mcr.toml'), text, env: {} });
    expect([server.listenAddr, server.grpcAddr, web.listenAddr].map((address) => address?.host)).toEqual(['', '', '']);
    expect(web.grpcAddr).toEqual({ host: '127.0.0.1', port: 9443 });
  });

  test('shows nothing in its comments that would not be accepted', async () => {
    await using directory = await directoryWithFiles();
    const text = renderConfig().replaceAll(/^# (\w+ = )(?!true)/gm, '$1');
    expect(text.match(/^public_url = /m)).not.toBeNull();
    expect(() => loadConfig({ path: join(directory.path, 'mcr.toml'), text, env: {} })).not.toThrow();
  });
});
