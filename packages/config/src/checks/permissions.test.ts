import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../load-config.ts';
import { loadWebConfig } from '../load-web-config.ts';
import { problemsOf } from '../testing/problems-of.ts';
import { tempConfig } from '../testing/temp-config.ts';
import { checkPermissions } from './permissions.ts';

/** A file name in the configuration, and the expected report for a mode, if any. */
function problemWith(name: string, mode: number): string[] {
  using files = tempConfig();
  for (const directory of ['layers', 'uploads', 'snapshots'])
    mkdirSync(join(files.directory, directory), { mode: 0o700 });
  writeFileSync(join(files.directory, 'initial-admin-password'), 'secret', { mode: 0o600 });
  chmodSync(join(files.directory, name), mode);
  const env = { MCR_MCIAS_CA_CERT: 'ca.crt' };
  return problemsOf(() => loadConfig({ path: files.path, env })).map((text) => text.replaceAll(files.directory, ''));
}

describe('a private key', () => {
  test.each([0o600, 0o400, 0o640, 0o440])('may have mode %o', (mode) => {
    expect(problemWith('server.key', mode)).toEqual([]);
  });

  test.each([0o644, 0o604, 0o660, 0o666, 0o444])('of this user may not have mode %o', (mode) => {
    const written = mode.toString(8).padStart(4, '0');
    expect(problemWith('server.key', mode)).toEqual([
      `server.tls_key: "/server.key" has mode ${written}, so that other users of this machine could read or change it; run: chmod 640 /server.key`,
    ]);
  });
});

describe.each([
  ['mcr.toml', '/mcr.toml'],
  ['server.crt', 'server.tls_cert'],
  ['layers', 'storage.layers_path'],
  ['uploads', 'storage.uploads_path'],
  ['ca.crt', 'mcias.ca_cert'],
])('%s', (name, key) => {
  test('may be world-readable and group-writable', () => {
    expect(problemWith(name, 0o775)).toEqual([]);
  });

  test('may not be world-writable', () => {
    expect(problemWith(name, 0o777)).toEqual([
      `${key}: "/${name}" has mode 0777, so that every user of this machine could change it; run: chmod o-w /${name}`,
    ]);
  });
});

describe.each([
  ['initial-admin-password', 'initial-admin-password'],
  ['snapshots', 'database.path'],
])('%s', (name, key) => {
  test.each([0o700, 0o600, 0o750])('may have mode %o', (mode) => {
    expect(problemWith(name, mode)).toEqual([]);
  });

  test.each([0o755, 0o644, 0o770, 0o701])('may not have mode %o', (mode) => {
    const written = mode.toString(8).padStart(4, '0');
    expect(problemWith(name, mode)).toEqual([
      `${key}: "/${name}" has mode ${written}, so that other users of this machine could read it; run: chmod g-w,o-rwx /${name}`,
    ]);
  });
});

test('snapshots are checked where database.path points if it is a link', () => {
  using files = tempConfig();
  mkdirSync(join(files.directory, 'data'));
  mkdirSync(join(files.directory, 'data', 'snapshots'));
  chmodSync(join(files.directory, 'data', 'snapshots'), 0o755);
  writeFileSync(join(files.directory, 'data', 'real.db'), '');
  symlinkSync('data/real.db', join(files.directory, 'mcr.db'));
  expect(problemsOf(() => loadConfig({ path: files.path, env: {} }))).toEqual([
    expect.stringMatching(/^database\.path: .*data\/snapshots" has mode 0755/),
  ]);
});

test('only the web UI checks the files of the web UI', () => {
  using files = tempConfig();
  chmodSync(join(files.directory, 'web.key'), 0o644);
  const env = { MCR_WEB_TLS_CERT: 'web.crt', MCR_WEB_TLS_KEY: 'web.key', MCR_WEB_CA_CERT: 'ca.crt' };
  expect(problemsOf(() => loadWebConfig({ path: files.path, env }))[0]).toMatch(/^web\.tls_key: .* has mode 0644/);
  expect(problemsOf(() => loadConfig({ path: files.path, env }))).toEqual([]);
  chmodSync(join(files.directory, 'ca.crt'), 0o666);
  expect(problemsOf(() => loadWebConfig({ path: files.path, env }))[0]).toMatch(/^web\.ca_cert: .* has mode 0666/);
});

test('a sticky directory is safe: users cannot replace the files of others', () => {
  expect(problemWith('layers', 0o1777)).toEqual([]);
});

test.skipIf(process.getuid?.() !== 0)(
  'what belongs to another user, as a mounted secret does, is a warning only',
  () => {
    using files = tempConfig();
    const key = join(files.directory, 'server.key');
    chmodSync(key, 0o444);
    chownSync(key, 12_345, 12_345);
    const config = loadConfig({ path: files.path, env: {} });
    expect(checkPermissions(config, files.path)).toEqual({
      problems: [],
      warnings: [{ key: 'server.tls_key', message: expect.stringMatching(/has mode 0444.*chmod 640/) }],
    });
  },
);
