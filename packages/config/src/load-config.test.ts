import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from './errors.ts';
import { loadConfig } from './load-config.ts';
import { settingKeys } from './schema/keys.ts';
import { problemsOf } from './testing/problems-of.ts';
import { tempConfig } from './testing/temp-config.ts';

describe('a file with every required key', () => {
  test('has defaults for all others', () => {
    using files = tempConfig();
    const { directory, path } = files;
    expect(loadConfig({ path, env: {} })).toEqual({
      server: {
        listenAddr: { host: '', port: 8443 },
        tlsCert: join(directory, 'server.crt'),
        tlsKey: join(directory, 'server.key'),
        trustedProxies: [],
        readTimeout: 30_000,
        writeTimeout: 0,
        idleTimeout: 120_000,
        shutdownTimeout: 60_000,
        workers: 1,
        readOnly: false,
      },
      database: { path: join(directory, 'mcr.db'), pool: 8, statementTimeout: 5_000 },
      storage: {
        layersPath: join(directory, 'layers'),
        uploadsPath: join(directory, 'uploads'),
        tagDelete: false,
        minFree: { bytes: 512 * 1024 * 1024 },
        shared: false,
        driver: 'disk',
      },
      s3: {
        region: 'us-east-1',
        pathStyle: true,
        partSize: 16 * 2 ** 20,
        buffers: 256 * 2 ** 20,
        checksum: 'sha256',
        redirect: false,
        redirectMin: 2 ** 20,
        redirectTtl: 600_000,
      },
      auth: { provider: 'mcias', tokenTtl: 8 * 3_600_000 },
      mcias: { serverUrl: 'https://mcias.example.com', serviceName: 'mcr', tags: [] },
      tokens: { defaultTtl: 90 * 86_400_000, maxTtl: 366 * 86_400_000, ownerMaxAge: 30 * 86_400_000 },
      policy: { default: 'open' },
      gc: { gracePeriod: 86_400_000, interval: 86_400_000, uploadTtl: 86_400_000, trashRetention: 0 },
      audit: { retention: 0 },
      snapshots: { keep: 30, maxAge: 30 * 86_400_000, keepUpgrades: 3 },
      limits: {
        failedLogins: 5,
        failedLoginsPerAddress: 100,
        requestsPerAddress: 0,
        requestsPerAccount: 0,
        guestRequestsPerAddress: 1_000,
        uploadsPerAccount: 2_000,
        uploadBytesPerAccount: 0,
        tokensPerAccount: 100,
        connectionsPerAddress: 1_024,
      },
      web: {
        listenAddr: { host: '127.0.0.1', port: 8080 },
        grpcAddr: { host: '127.0.0.1', port: 9443 },
        trustedProxies: [],
      },
      log: { level: 'info' },
      workloads: [],
      oidc: [],
    });
  });

  test('is overridden by the environment', () => {
    using files = tempConfig();
    const config = loadConfig({
      path: files.path,
      env: { MCR_SERVER_LISTEN_ADDR: '[::1]:443', MCR_LOG_LEVEL: 'warn' },
    });
    expect(config.server.listenAddr).toEqual({ host: '::1', port: 443 });
    expect(config.log.level).toBe('warn');
  });

  test('can be given as text', () => {
    using files = tempConfig();
    const { path, text } = files;
    expect(loadConfig({ path, text: `${text}[log]\nlevel = "error"`, env: {} }).log.level).toBe('error');
  });

  test('can be omitted if everything is in the environment', () => {
    using files = tempConfig();
    const config = loadConfig({
      env: {
        MCR_SERVER_LISTEN_ADDR: ':8443',
        MCR_SERVER_TLS_CERT: join(files.directory, 'server.crt'),
        MCR_SERVER_TLS_KEY: join(files.directory, 'server.key'),
        MCR_DATABASE_PATH: join(files.directory, 'mcr.db'),
        MCR_STORAGE_LAYERS_PATH: join(files.directory, 'layers'),
        MCR_AUTH_PROVIDER: 'local',
      },
    });
    expect(config.auth.provider).toBe('local');
  });
});

describe('required keys', () => {
  test('are all reported if all are missing', () => {
    expect(problemsOf(() => loadConfig({ text: '', env: {} }))).toEqual([
      'server.listen_addr: is required; set it in the file or as MCR_SERVER_LISTEN_ADDR',
      'server.tls_cert: is required; set it in the file or as MCR_SERVER_TLS_CERT',
      'server.tls_key: is required; set it in the file or as MCR_SERVER_TLS_KEY',
      'storage.layers_path: is required; set it in the file or as MCR_STORAGE_LAYERS_PATH',
      'database.path: is required; set it in the file or as MCR_DATABASE_PATH, or set database.url for PostgreSQL',
      'mcias.server_url: is required; set it (or MCR_MCIAS_SERVER_URL), or set auth.provider = "local" to use local accounts',
    ]);
  });

  test.each(['listen_addr', 'tls_cert', 'tls_key', 'path', 'layers_path', 'server_url'])(
    '%s alone is missed',
    (key) => {
      using files = tempConfig();
      const text = files.text.replace(new RegExp(`^${key} = .*$`, 'm'), '');
      const problems = problemsOf(() => loadConfig({ path: files.path, text, env: {} }));
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain(`.${key}: is required`);
    },
  );

  test('do not include mcias.server_url with local accounts', () => {
    using files = tempConfig();
    const text = files.text.replace(/^server_url = .*$/m, '');
    expect(problemsOf(() => loadConfig({ path: files.path, text, env: { MCR_AUTH_PROVIDER: 'local' } }))).toEqual([]);
  });

  test('are reported once if they are present but invalid', () => {
    using files = tempConfig();
    const env = { MCR_MCIAS_SERVER_URL: 'http://mcias.example.com', MCR_SERVER_TLS_KEY: 'a\0b' };
    const problems = problemsOf(() => loadConfig({ path: files.path, env }));
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['server.tls_key', 'mcias.server_url']);
  });
});

test('all problems are reported together, each on a line with its key', () => {
  using files = tempConfig();
  const text = `${files.text}tag = "x"\n[gcc]\n[log]\nlevel = "loud"`;
  const env = { MCR_GC_INTERVALL: '1h', MCR_SERVER_TLS_KEY: 'missing.key', MCR_WEB_TLS_CERT: 'web.crt' };
  expect(() => loadConfig({ path: files.path, text, env })).toThrow(
    new ConfigError([
      { key: 'mcias.tag', message: 'is not a known key; did you mean mcias.tags?' },
      { key: '[gcc]', message: 'is not a known section; did you mean [gc]?' },
      { key: 'MCR_GC_INTERVALL', message: 'is not a known variable; did you mean MCR_GC_INTERVAL?' },
      { key: 'log.level', message: '"loud" is not a valid choice; use one of "debug", "info", "warn", "error"' },
      { key: 'web.tls_key', message: 'is required; set both web.tls_cert and web.tls_key, or neither for plain HTTP' },
      {
        key: 'server.tls_key',
        message: `cannot read "${join(files.directory, 'missing.key')}": no such file or directory; use a file that this user can read`,
      },
    ]),
  );
});

test('the message of the error counts and lists the problems', () => {
  const error = new ConfigError([
    { key: 'a.b', message: 'is wrong' },
    { key: 'c.d', message: 'is missing' },
  ]);
  expect(error.message).toBe('The configuration has 2 problems:\n  a.b: is wrong\n  c.d: is missing');
  expect(new ConfigError([{ key: 'a.b', message: 'is wrong' }]).message).toContain('has 1 problem:');
});

describe('the configuration file', () => {
  test('is named if it does not exist', () => {
    using files = tempConfig();
    const path = join(files.directory, 'none.toml');
    expect(problemsOf(() => loadConfig({ path, env: {} }))).toEqual([
      `${path}: no such file; pass --config or set MCR_CONFIG`,
    ]);
  });

  test('is named if it is a directory', () => {
    using files = tempConfig();
    expect(problemsOf(() => loadConfig({ path: files.directory, env: {} }))).toEqual([
      `${files.directory}: cannot be read: it is a directory; pass --config or set MCR_CONFIG`,
    ]);
  });
});

describe('certificate and key files', () => {
  test.each([
    ['server.tls_cert', 'MCR_SERVER_TLS_CERT'],
    ['server.tls_key', 'MCR_SERVER_TLS_KEY'],
    ['mcias.ca_cert', 'MCR_MCIAS_CA_CERT'],
  ])('%s must exist', (key, variable) => {
    using files = tempConfig();
    const problems = problemsOf(() => loadConfig({ path: files.path, env: { [variable]: 'tls/none.pem' } }));
    expect(problems).toEqual([
      `${key}: cannot read "${join(files.directory, 'tls/none.pem')}": no such file or directory; use a file that this user can read`,
    ]);
  });

  test('must not be directories', () => {
    using files = tempConfig();
    const problems = problemsOf(() => loadConfig({ path: files.path, env: { MCR_SERVER_TLS_CERT: '.' } }));
    expect(problems).toEqual([
      `server.tls_cert: cannot read "${files.directory}": it is not a file; use a file that this user can read`,
    ]);
  });

  test.skipIf(process.getuid?.() === 0)('must be readable', () => {
    using files = tempConfig();
    chmodSync(join(files.directory, 'server.key'), 0o000);
    expect(problemsOf(() => loadConfig({ path: files.path, env: {} }))).toEqual([
      `server.tls_key: cannot read "${join(files.directory, 'server.key')}": permission denied; use a file that this user can read`,
    ]);
  });

  test('of mcr-web are not read by mcrsrv, which may run as another user', () => {
    using files = tempConfig();
    const env = { MCR_WEB_TLS_CERT: 'none.crt', MCR_WEB_TLS_KEY: 'none.key', MCR_WEB_CA_CERT: 'none.crt' };
    expect(loadConfig({ path: files.path, env }).web.tlsCert).toBe(join(files.directory, 'none.crt'));
  });
});

describe('any file', () => {
  test('is loaded or rejected with a ConfigError', () => {
    const value = fc.oneof(
      fc.json(),
      fc.string().map((text) => JSON.stringify(text)),
      fc.constantFrom('0', 'nan', '1979-05-27', '{}'),
    );
    const setting = fc.tuple(fc.constantFrom(...settingKeys), value);
    fc.assert(
      fc.property(fc.uniqueArray(setting, { selector: ([{ name }]) => name }), (lines) => {
        const text = lines.map(([{ name }, toml]) => `${name} = ${toml}`).join('\n');
        try {
          loadConfig({ text, env: {} });
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('layers and uploads', () => {
  test('may be directories that do not exist yet', () => {
    using files = tempConfig();
    const env = { MCR_STORAGE_LAYERS_PATH: 'a/b/layers', MCR_STORAGE_UPLOADS_PATH: 'c/d/uploads' };
    expect(loadConfig({ path: files.path, env }).storage).toMatchObject({
      layersPath: join(files.directory, 'a/b/layers'),
      uploadsPath: join(files.directory, 'c/d/uploads'),
    });
  });

  test('uploads are next to the layers by default', () => {
    using files = tempConfig();
    const { storage } = loadConfig({ path: files.path, env: { MCR_STORAGE_LAYERS_PATH: '/srv/mcr/layers/' } });
    expect(storage.uploadsPath).toBe('/srv/mcr/uploads');
  });

  test('a file where a directory should be is named', () => {
    using files = tempConfig();
    writeFileSync(join(files.directory, 'layers'), '');
    expect(problemsOf(() => loadConfig({ path: files.path, env: {} }))).toEqual([
      `storage.layers_path: goes through "${join(files.directory, 'layers')}", which is not a directory; choose another path`,
    ]);
    const env = { MCR_STORAGE_LAYERS_PATH: 'server.crt/layers' };
    expect(problemsOf(() => loadConfig({ path: files.path, env }))).toEqual([
      `storage.layers_path: goes through "${join(files.directory, 'server.crt')}", which is not a directory; choose another path`,
    ]);
  });

  test('a cycle of links is named', () => {
    using files = tempConfig();
    mkdirSync(join(files.directory, 'layers'));
    symlinkSync('uploads', join(files.directory, 'uploads'));
    expect(problemsOf(() => loadConfig({ path: files.path, env: {} }))).toEqual([
      `storage.uploads_path: cannot be used: "${join(files.directory, 'uploads')}": too many symbolic links; choose a path that this user can access`,
    ]);
  });
});
