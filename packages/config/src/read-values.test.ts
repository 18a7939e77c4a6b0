import { describe, expect, test } from 'vitest';
import { readSources } from './read-sources.ts';
import { readValues } from './read-values.ts';
import { sectionNames, settingKeys } from './schema/keys.ts';
import { samples } from './testing/samples.ts';

function read(text: string, env: Record<string, string> = {}) {
  const { config, problems } = readValues(readSources({ path: '/etc/mcr/mcr.toml', text, env }), sectionNames);
  return { sections: new Map<string, object>(Object.entries(config)), problems };
}

test('there is a sample for every key', () => {
  expect(Object.keys(samples)).toEqual(settingKeys.map(({ name }) => name));
});

describe.each(settingKeys)('$name', ({ name, section, key, property, variable }) => {
  const sample = samples[name];

  test('is read from the file', () => {
    const { sections, problems } = read(`[${section}]\n${key} = ${sample?.toml}`);
    expect(sections.get(section)).toHaveProperty(property, sample?.value);
    expect(problems.filter((problem) => problem.key === name)).toEqual([]);
  });

  test(`is overridden by ${variable}`, () => {
    const { sections, problems } = read(`[${section}]\n${key} = 12345`, { [variable]: sample?.variable ?? '' });
    expect(sections.get(section)).toHaveProperty(property, sample?.value);
    expect(problems.filter((problem) => problem.key === name)).toEqual([]);
  });

  test('is the same when empty as when omitted', () => {
    const { sections } = read('');
    const emptied = read(`[${section}]\n${key} = ${sample?.toml}`, { [variable]: '' });
    expect(emptied.sections.get(section)).toEqual(sections.get(section));
  });
});

/** Every key with every kind of invalid value, and the error. */
const rejected: readonly (readonly [name: string, toml: string, message: string])[] = [
  ...['server.listen_addr', 'server.grpc_addr', 'server.metrics_addr', 'web.listen_addr', 'web.metrics_addr'].flatMap(
    (name) => [
      [name, '8443', 'must be an address with a port in quotes, such as "127.0.0.1:8443"'] as const,
      [name, '"8443"', '"8443" is not an address with a port; write for example "127.0.0.1:8443"'] as const,
      [name, '":65536"', '":65536" is not an address with a port; write for example "127.0.0.1:8443"'] as const,
    ],
  ),
  ['database.url', '5432', 'must be a URL in quotes, such as "postgresql://mcr@db.example.com/mcr"'],
  ...['"mysql://ada:secret@db/mcr"', '"postgresql://ada:secret@[/mcr"'].map(
    (value) =>
      [
        'database.url',
        value,
        'is not a URL of PostgreSQL; write for example "postgresql://mcr:password@db.example.com:5432/mcr?sslmode=verify-full"',
      ] as const,
  ),
  [
    'database.url',
    '"postgresql://ada:secret@db/mcr?sslmode=prefer"',
    'has an sslmode that is not disable, require, verify-ca or verify-full; choose one of these',
  ],
  ...['0', '1', '1001', '"many"'].map(
    (value) => ['database.pool', value, 'must be a whole number from 2 to 1000, such as 8'] as const,
  ),
  ['web.grpc_addr', '":9443"', '":9443" is not a host with a port; write for example "127.0.0.1:9443"'],
  ['web.grpc_addr', '"localhost:0"', '"localhost:0" is not a host with a port; write for example "127.0.0.1:9443"'],
  ...[
    'server.tls_cert',
    'server.tls_key',
    'database.path',
    'database.url_file',
    'database.ca_cert',
    'storage.layers_path',
    'storage.uploads_path',
    'audit.export_path',
    'auth.signing_key_file',
    'mcias.ca_cert',
    'web.ca_cert',
    'web.tls_cert',
    'web.tls_key',
    's3.access_key_file',
    's3.secret_key_file',
    's3.ca_cert',
  ].flatMap((name) => [
    [name, '["a"]', 'must be a path in quotes, such as "/srv/mcr"'] as const,
    [name, '"a\\u0000b"', '"a\\u0000b" is not a path; write for example "/srv/mcr"'] as const,
  ]),
  ...['server.public_url', 'web.public_url', 's3.endpoint', 's3.public_endpoint'].flatMap((name) => [
    [
      name,
      'true',
      'must be an http(s) URL without path, query or user in quotes, such as "https://registry.example.com"',
    ] as const,
    [
      name,
      '"https://a.example/b"',
      '"https://a.example/b" is not an http(s) URL without path, query or user; write for example "https://registry.example.com"',
    ] as const,
  ]),
  ...['server.trusted_proxies', 'web.trusted_proxies'].flatMap((name) => [
    [name, '"10.0.0.1"', 'must be a list of strings, such as ["a", "b"]'] as const,
    [name, '[1]', 'must be an IP address or a CIDR range other than /0 in quotes, such as "10.0.0.0/8"'] as const,
    [name, '["*"]', '"*" is not an IP address or a CIDR range other than /0; write for example "10.0.0.0/8"'] as const,
  ]),
  ...[
    'server.read_timeout',
    'database.statement_timeout',
    'server.write_timeout',
    'server.idle_timeout',
    'server.shutdown_timeout',
    'gc.interval',
  ].flatMap((name) => [
    [name, '30', 'must be a duration in quotes, such as "30s"'] as const,
    [name, '"30"', '"30" is not a duration; write for example "30s"'] as const,
    [name, '"-1s"', '"-1s" is not a duration; write for example "30s"'] as const,
    [name, '"25d"', 'is too long; write at most "24d"'] as const,
  ]),
  ['gc.trash_retention', 'true', 'must be a duration in quotes, such as "1h"'],
  ...['gc.grace_period', 'gc.upload_ttl', 's3.redirect_ttl'].flatMap((name) => [
    [name, 'true', 'must be a duration in quotes, such as "24h"'] as const,
    [name, '"1 day"', '"1 day" is not a duration; write for example "24h"'] as const,
    [name, '0', 'must be longer than 0, or a push in progress would lose its blobs; write for example "24h"'] as const,
  ]),
  ...['audit.retention', 'snapshots.max_age'].flatMap((name) => [
    [name, '90', 'must be a duration in quotes, such as "90d"'] as const,
    [name, '"12h"', 'must be at least "1d", or 0 to keep everything'] as const,
  ]),
  ...['snapshots.keep', 'snapshots.keep_upgrades'].map(
    (name) => [name, '"all"', 'must be a whole number such as 100, or 0 for no limit'] as const,
  ),
  ['storage.tag_delete', '"true"', 'must be true or false'],
  ['storage.tag_delete', '1', 'must be true or false'],
  ['server.read_only', '"yes"', 'must be true or false'],
  ['storage.shared', '"yes"', 'must be true or false'],
  ['s3.path_style', '"yes"', 'must be true or false'],
  ['s3.redirect', '1', 'must be true or false'],
  ['storage.driver', '"s4"', '"s4" is not a valid choice; use one of "disk", "s3"'],
  ['s3.credentials', '"file"', '"file" is not a valid choice; use one of "files", "environment", "chain"'],
  ['s3.checksum', '"md5"', '"md5" is not a valid choice; use one of "sha256", "crc32"'],
  ['s3.server_side_encryption', '"aes256"', '"aes256" is not a valid choice; use one of "AES256", "aws:kms"'],
  [
    's3.region',
    '"eu central"',
    '"eu central" is not a name of letters, digits, dots, dashes, underscores or tildes; write for example "mcr"',
  ],
  ...['Registry', 'a', '-a-', 'a/b', 'a_b'].map(
    (name) =>
      ['s3.bucket', `"${name}"`, `"${name}" is not the name of a bucket; write for example "registry"`] as const,
  ),
  ...['/a', 'a//b', '../a', 'a/./b', 'ä', 'a b'].map(
    (prefix) =>
      [
        's3.prefix',
        `"${prefix}"`,
        `"${prefix}" is not a prefix of keys: letters, digits and ._/-; write for example "registry/"`,
      ] as const,
  ),
  ['s3.kms_key_id', '"a b"', '"a b" is not the id of a key; write for example "alias/registry"'],
  ...['s3.part_size', 's3.buffers', 's3.redirect_min'].map(
    (name) => [name, '"5%"', '"5%" is not a size; write for example "512MiB"'] as const,
  ),
  ...['0', '-1', '1.5', '257', '"many"', '"0"', 'true', '"99999999999999999999"'].map(
    (toml) => ['server.workers', toml, 'must be a whole number from 1 to 256, or "auto" for one per core'] as const,
  ),
  ['storage.min_free', '512', 'must be a size or a percentage in quotes, such as "512MiB"'],
  ['storage.min_free', '"half"', '"half" is not a size or a percentage; write for example "512MiB"'],
  ...[
    'failed_logins',
    'failed_logins_per_address',
    'requests_per_address',
    'requests_per_account',
    'guest_requests_per_address',
    'uploads_per_account',
    'tokens_per_account',
    'connections_per_address',
  ].flatMap((key) =>
    ['-1', '1.5', '"many"', '"-1"', 'true'].map(
      (toml) => [`limits.${key}`, toml, 'must be a whole number such as 100, or 0 for no limit'] as const,
    ),
  ),
  ['limits.upload_bytes_per_account', '10', 'must be a size in quotes, such as "512MiB"'],
  ['limits.upload_bytes_per_account', '"5%"', '"5%" is not a size; write for example "512MiB"'],
  ['auth.token_ttl', '8', 'must be a duration in quotes, such as "8h"'],
  ...['"14m"', '"31d"'].map((toml) => ['auth.token_ttl', toml, 'must be from "15m" to "30d"'] as const),
  ...['tokens.default_ttl', 'tokens.max_ttl'].flatMap((name) => [
    [name, '0', 'must be a duration in quotes, such as "90d"'] as const,
    [name, '"59s"', 'must be from "1m" to "3660d"'] as const,
    [name, '"3661d"', 'must be from "1m" to "3660d"'] as const,
  ]),
  ['tokens.owner_max_age', '"12h"', 'must be at least "1d", or 0 for no limit'],
  ['auth.provider', '"ldap"', '"ldap" is not a valid choice; use one of "mcias", "local"'],
  ['policy.default', '"shut"', '"shut" is not a valid choice; use one of "open", "closed"'],
  ['log.level', '"trace"', '"trace" is not a valid choice; use one of "debug", "info", "warn", "error"'],
  ['log.level', '3', 'the value is not a valid choice; use one of "debug", "info", "warn", "error"'],
  [
    'mcias.server_url',
    '"http://m.example"',
    '"http://m.example" is not an https URL without query or user; write for example "https://mcias.example.com:8443"',
  ],
  [
    'mcias.service_name',
    '"my registry"',
    '"my registry" is not a name of letters, digits, dots, dashes, underscores or tildes; write for example "mcr"',
  ],
  ['mcias.tags', '{}', 'must be a list of strings, such as ["a", "b"]'],
  ['mcias.tags', '[" "]', '" " is not a non-empty word; write for example "env:production"'],
];

describe('a value that a key cannot have', () => {
  test.each(rejected)('%s = %s is rejected', (name, toml, message) => {
    const [section, key] = name.split('.');
    const { problems } = read(`[${section}]\n${key} = ${toml}`);
    expect(problems.filter((problem) => problem.key === name)).toEqual([{ key: name, message }]);
  });

  test('is tested for every key', () => {
    expect(new Set(rejected.map(([name]) => name))).toEqual(new Set(settingKeys.map(({ name }) => name)));
  });

  test('from the environment is reported under the variable', () => {
    const { problems } = read('', { MCR_STORAGE_TAG_DELETE: 'yes', MCR_SERVER_TRUSTED_PROXIES: '10.0.0.1,proxy' });
    expect(problems).toContainEqual({
      key: 'storage.tag_delete',
      message: 'must be true or false (from MCR_STORAGE_TAG_DELETE)',
    });
    expect(problems).toContainEqual({
      key: 'server.trusted_proxies',
      message:
        '"proxy" is not an IP address or a CIDR range other than /0; write for example "10.0.0.0/8" (from MCR_SERVER_TRUSTED_PROXIES)',
    });
  });

  test('is reported once for each item of a list', () => {
    const { problems } = read('[server]\ntrusted_proxies = ["a", "10.0.0.1", "b"]');
    expect(problems.filter(({ key }) => key === 'server.trusted_proxies')).toHaveLength(2);
  });

  test('is quoted on one line and shortened', () => {
    const { problems } = read(`[log]\nlevel = "${'a\\n'.repeat(1_000)}"`);
    const message = problems.find(({ key }) => key === 'log.level')?.message ?? '';
    expect(message).toContain('"a\\na\\n');
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(300);
  });
});

test.each(['interval = 0', 'interval = "0"', 'interval = "0s"'])('%s turns a timer off', (line) => {
  expect(read(`[gc]\n${line}`).sections.get('gc')).toHaveProperty('interval', 0);
});

test('an empty list in the environment empties the list of the file', () => {
  const { sections } = read('[server]\ntrusted_proxies = ["10.0.0.1"]', { MCR_SERVER_TRUSTED_PROXIES: '' });
  expect(sections.get('server')).toHaveProperty('trustedProxies', []);
});

test('relative paths start at the directory of the file, wherever they are written', () => {
  const { sections } = read('[database]\npath = "mcr.db"', { MCR_SERVER_TLS_CERT: '../tls/server.crt' });
  expect(sections.get('database')).toHaveProperty('path', '/etc/mcr/mcr.db');
  expect(sections.get('server')).toHaveProperty('tlsCert', '/etc/tls/server.crt');
});
