/** A sample value of a key: as TOML, as the text of its variable, and parsed. Paths are below `/srv`. */
export interface Sample {
  readonly toml: string;
  readonly variable: string;
  readonly value: unknown;
}

function text(written: string, value: unknown = written): Sample {
  return { toml: JSON.stringify(written), variable: written, value };
}

function list(...items: string[]): Sample {
  return { toml: JSON.stringify(items), variable: items.join(', '), value: items };
}

const address = text('localhost:1234', { host: 'localhost', port: 1234 });
const count: Sample = { toml: '17', variable: '17', value: 17 };
const duration = text('90m', 5_400_000);

/** One sample for each key, different from its default. */
export const samples: Readonly<Record<string, Sample>> = {
  'server.listen_addr': address,
  'server.grpc_addr': address,
  'server.metrics_addr': address,
  'server.tls_cert': text('/srv/a.crt'),
  'server.tls_key': text('/srv/a.key'),
  'server.public_url': text('https://r.example.com'),
  'server.trusted_proxies': list('127.0.0.1', '10.0.0.0/8'),
  'server.read_timeout': duration,
  'server.write_timeout': duration,
  'server.idle_timeout': duration,
  'server.shutdown_timeout': duration,
  'server.workers': count,
  'server.read_only': { toml: 'true', variable: 'true', value: true },
  'database.path': text('/srv/a.db'),
  'database.url': text('postgresql://mcr@db.example.com/mcr'),
  'database.url_file': text('/srv/a.url'),
  'database.ca_cert': text('/srv/a.crt'),
  'database.pool': count,
  'database.statement_timeout': duration,
  'storage.driver': text('s3'),
  'storage.layers_path': text('/srv/a/layers'),
  'storage.uploads_path': text('/srv/a/uploads'),
  'storage.tag_delete': { toml: 'true', variable: 'true', value: true },
  'storage.min_free': text('5%', { percent: 5 }),
  'storage.shared': { toml: 'true', variable: 'true', value: true },
  's3.endpoint': text('https://s3.example.com'),
  's3.public_endpoint': text('https://blobs.example.com'),
  's3.region': text('eu-central-1'),
  's3.bucket': text('registry'),
  's3.prefix': text('mcr/'),
  's3.credentials': text('environment'),
  's3.access_key_file': text('/srv/access'),
  's3.secret_key_file': text('/srv/secret'),
  's3.path_style': { toml: 'false', variable: 'false', value: false },
  's3.ca_cert': text('/srv/a.crt'),
  's3.part_size': text('8MiB', 8 * 2 ** 20),
  's3.buffers': text('1GiB', 2 ** 30),
  's3.checksum': text('crc32'),
  's3.server_side_encryption': text('aws:kms'),
  's3.kms_key_id': text('alias/registry'),
  's3.redirect': { toml: 'true', variable: 'true', value: true },
  's3.redirect_min': text('4MiB', 4 * 2 ** 20),
  's3.redirect_ttl': duration,
  'auth.provider': text('local'),
  'auth.signing_key_file': text('/srv/a.pem'),
  'auth.token_ttl': duration,
  'mcias.server_url': text('https://m.example.com'),
  'mcias.ca_cert': text('/srv/a.crt'),
  'mcias.service_name': text('registry'),
  'mcias.tags': list('env:test', 'mcr'),
  'tokens.default_ttl': duration,
  'tokens.max_ttl': text('100d', 100 * 86_400_000),
  'tokens.owner_max_age': text('7d', 7 * 86_400_000),
  'policy.default': text('closed'),
  'gc.grace_period': duration,
  'gc.interval': duration,
  'gc.upload_ttl': duration,
  'gc.trash_retention': duration,
  'audit.retention': text('90d', 90 * 86_400_000),
  'audit.export_path': text('/srv/a/audit'),
  'snapshots.keep': count,
  'snapshots.max_age': text('7d', 7 * 86_400_000),
  'snapshots.keep_upgrades': count,
  'limits.failed_logins': count,
  'limits.failed_logins_per_address': count,
  'limits.requests_per_address': count,
  'limits.requests_per_account': count,
  'limits.guest_requests_per_address': count,
  'limits.uploads_per_account': count,
  'limits.upload_bytes_per_account': text('10GiB', 10 * 2 ** 30),
  'limits.tokens_per_account': count,
  'limits.connections_per_address': count,
  'web.listen_addr': address,
  'web.metrics_addr': address,
  'web.grpc_addr': address,
  'web.ca_cert': text('/srv/a.crt'),
  'web.tls_cert': text('/srv/a.crt'),
  'web.tls_key': text('/srv/a.key'),
  'web.public_url': text('https://w.example.com'),
  'web.trusted_proxies': list('127.0.0.1', '10.0.0.0/8'),
  'log.level': text('debug'),
};
