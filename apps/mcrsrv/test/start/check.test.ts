import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createTestCa, type TempDirectory, type TestCa, tempDirectory } from '@mcr/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { failingStart, startFrom } from '../_util/start.ts';

let resources: AsyncDisposableStack;
/** What `mcrsrv init` has made, to be copied. */
let pristine: TempDirectory;
let directory: TempDirectory;
let ca: TestCa;

beforeAll(async () => {
  pristine = await tempDirectory();
  ca = await createTestCa();
  expect((await mcrsrv(['init', '--dir', pristine.path])).code).toBe(0);
});
afterAll(() => pristine[Symbol.asyncDispose]());

beforeEach(async () => {
  resources = new AsyncDisposableStack();
  directory = resources.use(await tempDirectory());
  await cp(pristine.path, directory.path, { recursive: true });
  vi.stubEnv('MCR_SERVER_LISTEN_ADDR', '127.0.0.1:0');
  vi.stubEnv('MCR_SERVER_GRPC_ADDR', '127.0.0.1:0');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await resources.disposeAsync();
});

const path = (...names: string[]): string => join(directory.path, ...names);
const config = (): string => path('mcr.toml');
const write = (name: string, content: string | Buffer): Promise<void> =>
  writeFile(path(name), content, { mode: 0o600 });
const sql = (name: string, text: string): void => {
  const database = new DatabaseSync(path(name));
  database.exec(text);
  database.close();
};

interface Verdict {
  readonly ok: boolean;
  readonly problems: readonly { readonly key: string; readonly message: string }[];
  readonly warnings: readonly { readonly key: string; readonly message: string }[];
}

async function check(): Promise<Verdict> {
  const { code, stdout, stderr } = await mcrsrv(['check', '--config', config(), '--json']);
  const verdict: Verdict = JSON.parse(stdout);
  expect({ code, stderr }).toEqual({ code: verdict.ok ? 0 : 1, stderr: '' });
  return verdict;
}

const filesIn = async (root: string): Promise<string[]> => (await readdir(root, { recursive: true })).toSorted();

/** A port that something else listens on. */
async function takenPort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await new Promise((resolve) => server.once('listening', resolve));
  resources.defer(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const ofServer = async (name: 'server.crt' | 'server.key'): Promise<string> =>
  await readFile(path('tls', name), 'utf8');

type Cause = readonly [cause: string, arrange: () => unknown, key: string, message: RegExp];

const causes: readonly Cause[] = [
  [
    'a certificate of words',
    () => write('tls/server.crt', 'words'),
    'server.tls_cert',
    /server\.crt" contains no PEM certificate; write/,
  ],
  [
    'a certificate in DER form',
    async () => write('tls/server.crt', new X509Certificate(await ofServer('server.crt')).raw),
    'server.tls_cert',
    /server\.crt" is in DER form; run: openssl x509 /,
  ],
  [
    'a key in place of the certificate',
    async () => write('tls/server.crt', await ofServer('server.key')),
    'server.tls_cert',
    /server\.crt" contains a private key and no certificate/,
  ],
  [
    'a certificate that is cut off',
    async () => write('tls/server.crt', (await ofServer('server.crt')).slice(0, 200)),
    'server.tls_cert',
    /server\.crt" contains an unreadable certificate \(/,
  ],
  [
    'an intermediate certificate that is broken',
    async () =>
      write(
        'tls/server.crt',
        `${await ofServer('server.crt')}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      ),
    'server.tls_cert',
    /server\.crt" cannot be used \(/,
  ],
  [
    'no certificate',
    () => rm(path('tls/server.crt')),
    'server.tls_cert',
    /server\.crt": no such file or directory; use a file/,
  ],
  [
    'the key of another certificate',
    async () => write('tls/server.key', (await ca.issue()).keyPem),
    'server.tls_key',
    /server\.key" is not the key of the first certificate in ".*server\.crt"; name the two/,
  ],
  [
    'the certificates in the wrong order',
    async () => write('tls/server.crt', `${ca.caPem}\n${await ofServer('server.crt')}`),
    'server.tls_key',
    /the server's own certificate before the intermediate ones/,
  ],
  [
    'an encrypted key',
    async () => {
      const options = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' } as const;
      await write('tls/server.key', createPrivateKey(await ofServer('server.key')).export(options));
    },
    'server.tls_key',
    /server\.key" is encrypted, but the server cannot prompt for a passphrase; run: openssl pkey /,
  ],
  [
    'a key of words',
    () => write('tls/server.key', 'words'),
    'server.tls_key',
    /server\.key" contains no PEM private key; write/,
  ],
  ['a key that others may read', () => chmod(path('tls/server.key'), 0o644), 'server.tls_key', /run: chmod 640/],
  [
    'an authority of MCIAS that is none',
    async () => {
      await write('mcias.crt', 'words');
      vi.stubEnv('MCR_AUTH_PROVIDER', 'mcias');
      vi.stubEnv('MCR_MCIAS_SERVER_URL', 'https://mcias.example.com');
      vi.stubEnv('MCR_MCIAS_CA_CERT', path('mcias.crt'));
    },
    'mcias.ca_cert',
    /mcias\.crt" contains no PEM certificate; name the file/,
  ],
  [
    'two listeners with one address',
    () => {
      for (const name of ['LISTEN', 'GRPC']) vi.stubEnv(`MCR_SERVER_${name}_ADDR`, '127.0.0.1:18443');
    },
    'server.grpc_addr',
    /^127\.0\.0\.1:18443 is already used by server\.listen_addr \(127\.0\.0\.1:18443\); choose another port$/,
  ],
  [
    'a listener on every interface and one on the same port',
    () => {
      vi.stubEnv('MCR_SERVER_LISTEN_ADDR', '0.0.0.0:18443');
      vi.stubEnv('MCR_SERVER_METRICS_ADDR', '127.0.0.1:18443');
    },
    'server.metrics_addr',
    /is already used by server\.listen_addr \(0\.0\.0\.0:18443\)/,
  ],
  ...(['LISTEN', 'GRPC', 'METRICS'] as const).map(
    (name): Cause => [
      `a port that is taken, for ${name.toLowerCase()}_addr`,
      async () => vi.stubEnv(`MCR_SERVER_${name}_ADDR`, `127.0.0.1:${await takenPort('127.0.0.1')}`),
      `server.${name.toLowerCase()}_addr`,
      /^cannot listen on 127\.0\.0\.1:\d+: the port is in use; stop the other process .* \(EADDRINUSE\)$/,
    ],
  ),
  [
    'an address of another machine',
    () => vi.stubEnv('MCR_SERVER_LISTEN_ADDR', '192.0.2.1:0'),
    'server.listen_addr',
    /192\.0\.2\.1 is not an address of this machine; choose one/,
  ],
  [
    'no directory for the database',
    () => vi.stubEnv('MCR_DATABASE_PATH', path('nowhere/mcr.db')),
    'database.path',
    /nowhere" does not exist; create it/,
  ],
  [
    'a directory in place of the database',
    () => vi.stubEnv('MCR_DATABASE_PATH', path('tls')),
    'database.path',
    /tls" is not a file; choose/,
  ],
  [
    'a database of words',
    () => write('mcr.db', 'words '.repeat(1_000)),
    'database.path',
    /mcr\.db" is not a database; put a snapshot back/,
  ],
  [
    'a database that is damaged',
    async () => {
      const bytes = await readFile(path('mcr.db'));
      await write('mcr.db', bytes.fill(0xff, 100, 4_096));
    },
    'database.path',
    /mcr\.db" is damaged; put a snapshot back with mcrsrv restore/,
  ],
  [
    'a database of a newer version',
    () => sql('mcr.db', "INSERT INTO schema_migrations (id, name, applied_at) VALUES (999, 'x', 0)"),
    'database.path',
    /mcr\.db": The database has schema 999, but this version knows only \d+; run a newer version/,
  ],
  [
    'a database of another program',
    async () => {
      await rm(path('mcr.db'));
      sql('mcr.db', 'CREATE TABLE bookmarks (url TEXT)');
    },
    'database.path',
    /mcr\.db": It belongs to another program; name another path/,
  ],
  [
    'blobs without their database',
    async () => {
      await (await startFrom(config()))[Symbol.asyncDispose]();
      await mkdir(path('layers/sha256/ab'));
      await write(join('layers/sha256/ab', 'ab'.repeat(32)), 'blob');
      await rm(path('mcr.db'));
    },
    'database.path',
    /There is no database at ".*mcr\.db", but there are blobs; restore a snapshot/,
  ],
  [
    'a signing key of words',
    () => write('signing-key.pem', 'words'),
    'database.path',
    /signing-key\.pem contains no PEM private key; restore it/,
  ],
  [
    'a signing key that others may read',
    async () => {
      await write('signing-key.pem', 'words');
      await chmod(path('signing-key.pem'), 0o644);
    },
    'database.path',
    /signing-key\.pem has mode 0644, .*chmod 600/,
  ],
  [
    'a signing key that was named and is not there',
    async () => void vi.stubEnv('MCR_AUTH_SIGNING_KEY_FILE', path('keys.pem')),
    'auth.signing_key_file',
    /keys\.pem does not exist; run: openssl genpkey/,
  ],
  [
    'a file in place of the layers',
    async () => {
      await rename(path('layers'), path('away'));
      await write('layers', '');
    },
    'storage.layers_path',
    /layers", which is not a directory; choose another path/,
  ],
  [
    'something else in place of the lock',
    async () => {
      await rm(path('layers/.owner'));
      await mkdir(path('layers/.owner'));
    },
    'storage.layers_path',
    /\.owner" must be a plain file; remove it/,
  ],
];

describe('a start that fails', () => {
  test.each(causes)(
    'because of %s is foretold by check, with key, file and remedy',
    async (_, arrange, key, message) => {
      await arrange();
      const before = await filesIn(directory.path);
      const verdict = await check();
      expect(verdict).toMatchObject({ ok: false, problems: [{ key, message: expect.stringMatching(message) }] });
      expect(verdict.problems).toHaveLength(1);
      expect(await filesIn(directory.path), 'a check changes nothing').toEqual(before);

      const { code, stdout, stderr } = await failingStart(config());
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^mcrsrv: /);
      const [problem] = verdict.problems;
      expect(stderr).toContain(`${problem?.key}: ${problem?.message}\n`);
    },
  );

  test('has all that is wrong in one message', async () => {
    await write('tls/server.crt', 'words');
    await write('tls/server.key', 'words');
    await write('mcr.db', 'words '.repeat(1_000));
    const { problems } = await check();
    expect(problems.map(({ key }) => key)).toEqual(['server.tls_cert', 'server.tls_key', 'database.path']);
    const { stderr } = await failingStart(config());
    for (const { key, message } of problems) expect(stderr).toContain(`\n  ${key}: ${message}\n`);
  });

  test('is told to people by check in lines, without ok', async () => {
    await write('tls/server.key', 'words');
    const { code, stdout, stderr } = await mcrsrv(['check', '--config', config()]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^server\.tls_key: ".*server\.key" contains no PEM private key; .*\n$/);
  });
});

describe('a start that works', () => {
  const day = 24 * 60 * 60 * 1_000;

  test.each<readonly [string, () => unknown, string, RegExp]>([
    [
      'with an expired certificate',
      async () => {
        const { certPem, keyPem } = await ca.issue({ notAfter: new Date(Date.now() - day / 2) });
        await write('tls/server.crt', certPem);
        await write('tls/server.key', keyPem);
      },
      'server.tls_cert',
      /server\.crt" expired at 2\d{3}-.*, clients reject it; renew it$/,
    ],
    [
      'with the address of the web UI, which may run elsewhere',
      () => {
        vi.stubEnv('MCR_SERVER_METRICS_ADDR', '127.0.0.1:18080');
        vi.stubEnv('MCR_WEB_LISTEN_ADDR', ':18080');
      },
      'web.listen_addr',
      /^:18080 is already used by server\.metrics_addr \(127\.0\.0\.1:18080\) if both run on one machine; choose another port$/,
    ],
    ['without a database yet', () => rm(path('mcr.db')), '', /^$/],
    ['with an empty file for a database', () => truncate(path('mcr.db')), '', /^$/],
  ])('%s is ok, with a warning where there is reason for one', async (_, arrange, key, message) => {
    await arrange();
    const expected = key === '' ? [] : [{ key, message: expect.stringMatching(message) }];
    expect(await check()).toEqual({ ok: true, problems: [], warnings: expected });
    await using server = await startFrom(config());
    expect(server.address.port).toBeGreaterThan(0);
  });

  test('is not held against the server that runs already, whose addresses are taken', async () => {
    await using server = await startFrom(config());
    vi.stubEnv('MCR_SERVER_LISTEN_ADDR', `127.0.0.1:${server.address.port}`);
    const message = expect.stringMatching(/^a server runs on these blobs, and another one does not start beside it; /);
    expect(await check()).toEqual({ ok: true, problems: [], warnings: [{ key: 'storage.layers_path', message }] });
    expect(await failingStart(config())).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^mcrsrv: storage\.layers_path: Another process owns the blobs in ".*layers"; stop it/,
      ),
    });
    await server[Symbol.asyncDispose]();
    expect(await check()).toEqual({ ok: true, problems: [], warnings: [] });
  });
});
