import { randomUUID } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createDatabase, createTestCa, type S3Server, sharedPostgres, tempDirectory } from '@mcr/testkit';
import { type CliResult, mcrsrv } from '../_util/cli.ts';

/** Where a registry of a test keeps its rows and its bytes. */
export interface PlaceKinds {
  readonly rows: 'sqlite' | 'postgres';
  readonly bytes: 'disk' | 'shared disk' | S3Server;
}

/** A directory with the configuration of a registry that no server has started on yet. */
export interface RegistryPlace extends AsyncDisposable {
  readonly directory: string;
  /** The file of the configuration. */
  readonly config: string;
  setReadOnly(isReadOnly: boolean): Promise<void>;
  /** Has the blobs of another place. */
  sameBlobsAs(other: RegistryPlace): Promise<void>;
  /** Changes a byte of the largest blob on the disk; its digest. */
  damageOne(): Promise<string>;
}

/** Makes a place; certificates are those of `like`, if there is one, so that clients trust both. */
export async function makeRegistryPlace({ rows, bytes }: PlaceKinds, like?: RegistryPlace): Promise<RegistryPlace> {
  const cleanup = new AsyncDisposableStack();
  const directory = cleanup.use(await tempDirectory()).path;
  const tls = join(directory, 'tls');
  if (like === undefined) await writeCertificates(tls);
  else await cp(join(like.directory, 'tls'), tls, { recursive: true });
  const url = rows === 'postgres' ? cleanup.use(await createDatabase(await sharedPostgres(15))).url : undefined;
  const config = join(directory, 'mcr.toml');
  const text = [
    '[server]\nlisten_addr = "127.0.0.1:0"\ntls_cert = "tls/server.crt"\ntls_key = "tls/server.key"\nread_only = false',
    `[database]\n${url === undefined ? 'path = "mcr.db"' : `url = "${url}"`}`,
    typeof bytes === 'string' ? diskSection(bytes) : await s3Sections(directory, bytes),
    '[auth]\nprovider = "local"',
    url === undefined ? '' : 'signing_key_file = "signing-key.pem"',
    '[gc]\ninterval = "0"',
  ].join('\n');
  await writeFile(config, text, { mode: 0o600 });
  return {
    directory,
    config,
    setReadOnly: (isReadOnly) => writeFile(config, text.replace('read_only = false', `read_only = ${isReadOnly}`)),
    async sameBlobsAs(other) {
      const theirs = await readFile(other.config, 'utf8');
      const prefix = /^prefix = .*$/m.exec(theirs)?.[0];
      const moved = text
        .replaceAll(/"(layers|uploads)"/g, (_, name: string) => JSON.stringify(join(other.directory, name)))
        .replace(/^prefix = .*$/m, prefix ?? '');
      await writeFile(config, moved);
    },
    async damageOne() {
      const names = await readdir(join(directory, 'layers', 'sha256'), { recursive: true });
      const files = names.filter((name) => name.includes('/')).map((name) => join(directory, 'layers', 'sha256', name));
      const sized = await Promise.all(files.map(async (file) => ({ file, size: (await stat(file)).size })));
      const { file = '' } = sized.toSorted((a, b) => b.size - a.size)[0] ?? {};
      const bytes = await readFile(file);
      bytes[0]! ^= 1;
      await writeFile(file, bytes);
      return `sha256:${basename(file).split('.')[0]}`;
    },
    [Symbol.asyncDispose]: () => cleanup.disposeAsync(),
  };
}

/** What the last line of a migration's instructions is about: both registries sign with the same key. */
export async function copySigningKey(from: RegistryPlace, to: RegistryPlace): Promise<void> {
  await copyFile(join(from.directory, 'signing-key.pem'), join(to.directory, 'signing-key.pem'));
}

/** Runs `mcrsrv migrate` from one place to another. */
export async function migrateTo(from: RegistryPlace, to: RegistryPlace, ...flags: string[]): Promise<CliResult> {
  return await mcrsrv(['migrate', '--config', from.config, '--to', to.config, ...flags]);
}

async function writeCertificates(directory: string): Promise<void> {
  const ca = await createTestCa();
  const { certPem, keyPem } = await ca.issue();
  await mkdir(directory);
  await writeFile(join(directory, 'ca.crt'), ca.caPem);
  await writeFile(join(directory, 'server.crt'), certPem);
  await writeFile(join(directory, 'server.key'), keyPem, { mode: 0o600 });
}

function diskSection(bytes: 'disk' | 'shared disk'): string {
  return `[storage]\nlayers_path = "layers"\nuploads_path = "uploads"\nshared = ${bytes === 'shared disk'}`;
}

async function s3Sections(directory: string, s3: S3Server): Promise<string> {
  await writeFile(join(directory, 'access-key'), s3.accessKey, { mode: 0o600 });
  await writeFile(join(directory, 'secret-key'), s3.secretKey, { mode: 0o600 });
  return [
    '[storage]\ndriver = "s3"',
    `[s3]\nendpoint = "${s3.endpoint}"\nregion = "${s3.region}"\nbucket = "${s3.bucket}"\nprefix = "${randomUUID()}"`,
    'access_key_file = "access-key"\nsecret_key_file = "secret-key"\npart_size = "5MiB"\nbuffers = "40MiB"',
  ].join('\n');
}
