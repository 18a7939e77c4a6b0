import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../src/load-config.ts';
import { loadWebConfig } from '../src/load-web-config.ts';
import { readSources } from '../src/read-sources.ts';
import { settingKeys } from '../src/schema/keys.ts';
import { problemsOf } from '../src/testing/problems-of.ts';
import { tempConfig } from '../src/testing/temp-config.ts';

const examples = fileURLToPath(new URL('../../../deploy/examples/', import.meta.url));
const production = join(examples, 'mcr.toml');
const development = join(examples, 'mcr-dev.toml');

/** Replaces the files that must exist by those of a temporary directory. */
function filesIn(directory: string) {
  return {
    MCR_SERVER_TLS_CERT: join(directory, 'server.crt'),
    MCR_SERVER_TLS_KEY: join(directory, 'server.key'),
    MCR_STORAGE_LAYERS_PATH: join(directory, 'layers'),
  };
}

const webFiles = (directory: string) => ({
  MCR_WEB_CA_CERT: join(directory, 'ca.crt'),
  MCR_WEB_TLS_CERT: join(directory, 'web.crt'),
  MCR_WEB_TLS_KEY: join(directory, 'web.key'),
});

describe('mcr.toml', () => {
  const text = readFileSync(production, 'utf8');
  const uncommented = text.replaceAll(/^# (\w+ = )/gm, '$1');

  test('is a configuration of MCIAS in production', () => {
    using files = tempConfig();
    const config = loadConfig({ path: production, env: filesIn(files.directory) });
    expect(config.auth.provider).toBe('mcias');
    expect(config.server).toMatchObject({ listenAddr: { host: '', port: 443 }, grpcAddr: { host: '', port: 9443 } });
    expect(config.database.path).toBe('/srv/mcr/mcr.db');
    expect(loadWebConfig({ path: production, env: {} }).web.grpcAddr.host).toBe('registry.example.com');
  });

  test('has every key, in order', () => {
    expect([...readSources({ text: uncommented, env: {} }).file.keys()]).toEqual(settingKeys.map(({ name }) => name));
  });

  test('has valid values in the commented lines', () => {
    using files = tempConfig();
    const env = { ...filesIn(files.directory), ...webFiles(files.directory) };
    const others = {
      MCR_MCIAS_CA_CERT: env.MCR_WEB_CA_CERT,
      MCR_STORAGE_UPLOADS_PATH: join(files.directory, 'uploads'),
      // There is one database.
      MCR_DATABASE_URL: '',
      MCR_DATABASE_URL_FILE: '',
      MCR_DATABASE_CA_CERT: env.MCR_WEB_CA_CERT,
    };
    expect(problemsOf(() => loadConfig({ path: production, text: uncommented, env: { ...env, ...others } }))).toEqual(
      [],
    );
    expect(problemsOf(() => loadWebConfig({ path: production, text: uncommented, env }))).toEqual([]);
  });

  const active = readSources({ text, env: {} }).file;
  const shown = readSources({ text: uncommented, env: {} }).file;
  const left = settingKeys.filter(
    ({ name, schema }) => !active.has(name) && schema.safeParse(undefined).data !== undefined,
  );

  test.each(left)('shows the default of $name in its commented line', ({ name, schema }) => {
    expect(schema.parse(shown.get(name))).toEqual(schema.parse(undefined));
  });
});

describe('mcr-dev.toml', () => {
  test('is a configuration with local accounts that listens on the loopback only', () => {
    using files = tempConfig();
    const config = loadConfig({ path: development, env: filesIn(files.directory) });
    expect(config.auth.provider).toBe('local');
    const { listenAddr, grpcAddr, metricsAddr } = config.server;
    expect([listenAddr, grpcAddr, metricsAddr, config.web.listenAddr].map((address) => address?.host)).toEqual(
      Array(4).fill('127.0.0.1'),
    );
  });

  test('serves mcr-web with the same certificate', () => {
    using files = tempConfig();
    const { web } = loadWebConfig({ path: development, env: webFiles(files.directory) });
    expect(web.grpcAddr).toEqual({ host: '127.0.0.1', port: 9443 });
  });
});
