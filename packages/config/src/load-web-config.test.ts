import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadWebConfig } from './load-web-config.ts';
import { problemsOf } from './testing/problems-of.ts';
import { tempConfig } from './testing/temp-config.ts';

test('an empty file gives the defaults', () => {
  expect(loadWebConfig({ text: '', env: {} })).toEqual({
    limits: expect.objectContaining({ connectionsPerAddress: 1_024 }) as object,
    web: {
      listenAddr: { host: '127.0.0.1', port: 8080 },
      grpcAddr: { host: '127.0.0.1', port: 9443 },
      trustedProxies: [],
    },
    log: { level: 'info' },
  });
});

test('values that mcr-web does not need are not validated', () => {
  using files = tempConfig();
  const text = '[server]\nlisten_addr = 8443\ntls_key = "unreadable"\n[web]\nlisten_addr = ":443"';
  const config = loadWebConfig({ path: files.path, text, env: { MCR_LOG_LEVEL: 'debug' } });
  expect(config.web.listenAddr).toEqual({ host: '', port: 443 });
  expect(config.log.level).toBe('debug');
});

test('unknown keys are rejected in every section', () => {
  expect(problemsOf(() => loadWebConfig({ text: '[server]\nlisten_adr = ":1"', env: { MCR_GC_FOO: '1' } }))).toEqual([
    'server.listen_adr: is not a known key; did you mean server.listen_addr?',
    'MCR_GC_FOO: is not a known variable; remove it, or see docs/configuration.md for the keys',
  ]);
});

test('its own values are validated, all together', () => {
  expect(problemsOf(() => loadWebConfig({ text: '[web]\ngrpc_addr = ":9443"\n[log]\nlevel = 1', env: {} }))).toEqual([
    'web.grpc_addr: ":9443" is not a host with a port; write for example "127.0.0.1:9443"',
    'log.level: the value is not a valid choice; use one of "debug", "info", "warn", "error"',
  ]);
});

test.each([
  ['web.ca_cert', { MCR_WEB_CA_CERT: 'none' }],
  ['web.tls_cert', { MCR_WEB_TLS_CERT: 'none', MCR_WEB_TLS_KEY: 'web.key' }],
  ['web.tls_key', { MCR_WEB_TLS_CERT: 'web.crt', MCR_WEB_TLS_KEY: 'none' }],
])('%s has to be readable', (key, env) => {
  using files = tempConfig();
  expect(problemsOf(() => loadWebConfig({ path: files.path, env }))).toEqual([
    `${key}: cannot read "${join(files.directory, 'none')}": no such file or directory; use a file that this user can read`,
  ]);
});

test.each([
  ['web.tls_key', { MCR_WEB_TLS_CERT: 'web.crt' }],
  ['web.tls_cert', { MCR_WEB_TLS_KEY: 'web.key' }],
])('%s may not be missing when its counterpart is there', (key, env) => {
  using files = tempConfig();
  expect(problemsOf(() => loadWebConfig({ path: files.path, env }))).toEqual([
    `${key}: is required; set both web.tls_cert and web.tls_key, or neither for plain HTTP`,
  ]);
});

test('certificate and key together enable TLS', () => {
  using files = tempConfig();
  const { web } = loadWebConfig({
    path: files.path,
    env: { MCR_WEB_TLS_CERT: 'web.crt', MCR_WEB_TLS_KEY: 'web.key', MCR_WEB_CA_CERT: 'ca.crt' },
  });
  expect(web).toMatchObject({
    tlsCert: join(files.directory, 'web.crt'),
    tlsKey: join(files.directory, 'web.key'),
    caCert: join(files.directory, 'ca.crt'),
  });
});
