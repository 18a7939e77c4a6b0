import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.ts';
import { type BackgroundProcess, type ProcessOptions, startProcess } from '../processes.ts';
import { tempDirectory } from '../temp.ts';
import { type S3ServerName, s3proxyJars } from './presence.ts';

/** An S3 server with an empty bucket. */
export interface S3Server extends AsyncDisposable {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Directory of the bucket: each object is a file. */
  readonly directory: string;
}

/** How to start a server. */
export interface S3ServerOptions {
  /** Paths of a certificate and its key: the server speaks TLS then. Only versitygw. */
  readonly tls?: { readonly certPath: string; readonly keyPath: string };
  readonly port?: number;
  /** The bucket is also at the host `<bucket>.<this>`. Only versitygw. */
  readonly virtualDomain?: string;
}

const credentials = { accessKey: 'test-access-key', secretKey: 'test-secret-key' };
const region = 'us-east-1';
const bucket = 'registry';
const readyTimeoutMs = 60_000;

/** Starts a server on 127.0.0.1 and makes a bucket, which goes with it. */
export async function startS3Server(name: S3ServerName, options: S3ServerOptions = {}): Promise<S3Server> {
  await using cleanup = new AsyncDisposableStack();
  const root = cleanup.use(await tempDirectory('mcr-s3-')).path;
  const directory = join(root, 'data', bucket);
  await mkdir(directory, { recursive: true });
  const port = options.port ?? (await freePort());
  const start = name === 'versitygw' ? startVersitygw : startS3proxy;
  const server = cleanup.use(await start({ root, data: join(root, 'data'), port, ...options }));
  const endpoint = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  await ready(server, port);
  const owned = cleanup.move();
  return { endpoint, region, bucket, directory, ...credentials, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Test files share processes but no modules, hence a name that leads to the server of the process. */
const shared = Symbol.for('mcr.testkit.s3');

/** The versitygw of this process, which is started when it is first asked for, and ends with the process. */
export function sharedS3Server(): Promise<S3Server> {
  const known = globalThis as Record<symbol, unknown>;
  return (known[shared] ??= startS3Server('versitygw')) as Promise<S3Server>;
}

/**
 * Becomes the server, beside a process that ends it, and removes its files, once the process of the tests is gone: one that is
 * killed, as workers of the test runner are, ends nothing itself.
 */
const keeper = `(while kill -0 "$0" 2>/dev/null; do sleep 1; done; kill -KILL $$; rm -rf "$1") >/dev/null 2>&1 &
shift; exec "$@"`;

function startKept(root: string, command: readonly string[], options: ProcessOptions = {}): Promise<BackgroundProcess> {
  return startProcess('sh', ['-c', keeper, String(process.pid), root, ...command], options);
}

interface Start extends S3ServerOptions {
  readonly root: string;
  readonly data: string;
  readonly port: number;
}

function startVersitygw({ root, data, port, tls, virtualDomain }: Start): Promise<BackgroundProcess> {
  const certificate = tls === undefined ? [] : ['--cert', tls.certPath, '--key', tls.keyPath];
  return startKept(root, ['versitygw', '--quiet', '--port', `127.0.0.1:${port}`, ...certificate, 'posix', data], {
    env: {
      ROOT_ACCESS_KEY: credentials.accessKey,
      ROOT_SECRET_KEY: credentials.secretKey,
      VGW_VIRTUAL_DOMAIN: virtualDomain,
    },
  });
}

async function startS3proxy({ root, data, port }: Start): Promise<BackgroundProcess> {
  const properties = join(root, 's3proxy.properties');
  const settings = {
    's3proxy.endpoint': `http://127.0.0.1:${port}`,
    's3proxy.authorization': 'aws-v4',
    's3proxy.identity': credentials.accessKey,
    's3proxy.credential': credentials.secretKey,
    'jclouds.provider': 'filesystem-nio2',
    'jclouds.filesystem.basedir': data,
  };
  await writeFile(
    properties,
    Object.entries(settings)
      .map((pair) => `${pair.join('=')}\n`)
      .join(''),
  );
  const flags = ['-XX:TieredStopAtLevel=1', '-Xmx256m', '-cp', join(s3proxyJars, '*')];
  return await startKept(root, ['java', ...flags, 'org.gaul.s3proxy.Main', '--properties', properties]);
}

async function ready(server: BackgroundProcess, port: number): Promise<void> {
  const ended = server.exited.then(({ stdout, stderr }) => {
    throw new Error(`The S3 server ended:\n${stdout}${stderr}`);
  });
  await Promise.race([ended, listening(port)]);
  ended.catch(() => {});
}

async function listening(port: number): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs;
  while (performance.now() < deadline) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(socket.destroy() && true)).once('error', () => resolve(false));
    });
    if (isThere) return;
    await sleep(50);
  }
  throw new Error(`The S3 server does not listen after ${readyTimeoutMs} ms`);
}
