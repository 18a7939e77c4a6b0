import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ports } from './ha-config.ts';
import type { ServiceCommand } from './services.ts';

/** Where the programs are that run beside the registry; PostgreSQL's are in a directory. */
export interface HaPrograms {
  readonly postgres: string;
  readonly versitygw: string;
}

/** PostgreSQL refuses to run as root: then it runs as `nobody`, which may look into directories of root. */
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const unprivileged = [
  'setpriv',
  `--reuid=${nobody}`,
  `--regid=${nobody}`,
  '--clear-groups',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
];

/** Makes what is missing in the directory, and returns how to start database and store. Overwrites nothing. */
export async function prepareHa(
  dir: string,
  { postgres, versitygw }: HaPrograms,
  files: { readonly toml: string; readonly haproxy: string },
): Promise<{ readonly postgres: ServiceCommand; readonly s3: ServiceCommand }> {
  mkdirSync(dir, { recursive: true });
  const data = join(dir, 'postgres');
  const buckets = join(dir, 's3');
  mkdirSync(join(buckets, 'registry'), { recursive: true });
  write('mcr.toml', files.toml);
  write('haproxy.cfg', files.haproxy);
  write('s3-access-key', 'mcr');
  write('s3-secret-key', randomBytes(24).toString('base64url'));
  write('signing-key.pem', newSigningKey());
  if (!existsSync(join(data, 'PG_VERSION'))) initDatabase(data, postgres);
  const secret = readFileSync(join(dir, 's3-secret-key'), 'utf8');
  return {
    postgres: {
      name: 'PostgreSQL',
      command: asPostgres(
        join(postgres, 'postgres'),
        '-D',
        data,
        `-cport=${ports.postgres}`,
        '-clisten_addresses=127.0.0.1',
        `-cunix_socket_directories=${data}`,
      ),
      port: ports.postgres,
      // A fast shutdown: it does not wait for sessions.
      signal: 'INT',
    },
    s3: {
      name: 'versitygw',
      command: [versitygw, '--quiet', '--port', `127.0.0.1:${ports.s3}`, 'posix', buckets],
      env: { ...process.env, ROOT_ACCESS_KEY: 'mcr', ROOT_SECRET_KEY: secret },
      port: ports.s3,
    },
  };

  function write(name: string, text: string): void {
    const path = join(dir, name);
    if (!existsSync(path)) writeFileSync(path, text, { mode: 0o600 });
  }
}

/** For this machine only, so without a password; a database on a network has one, and TLS. */
function initDatabase(data: string, programs: string): void {
  mkdirSync(data, { mode: 0o700 });
  if (isRoot) chownSync(data, nobody, nobody);
  const [command = '', ...args] = asPostgres(
    join(programs, 'initdb'),
    ...`-U mcr -A trust -E UTF8 --locale=C -D`.split(' '),
    data,
  );
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function asPostgres(...command: readonly string[]): string[] {
  return [...(isRoot ? unprivileged : []), ...command];
}

function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
}
