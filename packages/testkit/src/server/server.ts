import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';
import { createOciClient, type OciClient } from '../oci-client/client.ts';
import type { Credentials } from '../oci-client/token.ts';
import { type BackgroundProcess, type ProcessResult, run, runOk, startProcess } from '../processes.ts';
import { tempDirectory } from '../temp.ts';
import { leaksIn } from './leaks.ts';
import { memoryOf, type ProcessMemory } from './memory.ts';

/** How to start a registry. */
export interface RegistryOptions {
  /** The built server; default: the workspace's own. */
  readonly bundle?: string;
  /** IP address to listen on; default: 127.0.0.1. */
  readonly address?: string;
  /** Overrides of the configuration, as `MCR_<SECTION>_<KEY>`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Sends the log to a file in the registry's directory; `log()` reads it there. For measurements. */
  readonly logToFile?: boolean;
}

/** What an account of the registry is. */
export interface AccountOptions {
  readonly type?: 'human' | 'system';
  readonly roles?: readonly string[];
  readonly password?: string;
}

/** A real registry in a process of its own, with everything that it keeps in a temporary directory. */
export interface TestRegistry extends AsyncDisposable {
  /** Scheme, host and port. */
  readonly baseUrl: string;
  /** Host and port, as they stand in image references. */
  readonly host: string;
  readonly grpcUrl: string;
  readonly metricsUrl: string;
  /** PEM of the authority that issued the server's certificate, and the file that holds it. */
  readonly ca: string;
  readonly caPath: string;
  /** The password of the account `admin`. */
  readonly adminPassword: string;
  /** Holds mcr.toml, tls/, the database and all blobs. */
  readonly directory: string;
  readonly configPath: string;
  /** Of the server process that runs now, or ran last. */
  readonly pid: number;
  /** A client of this registry, by default as `admin`; disposed with the registry. */
  client(credentials?: Credentials): OciClient;
  /** Creates a local account; returns what policy rules and clients need of it. */
  addAccount(name: string, options?: AccountOptions): Promise<{ id: string; username: string; password: string }>;
  /** Runs `mcrsrv` with the given arguments, which must succeed, and returns what it printed. */
  cli(args: readonly string[], input?: string): Promise<string>;
  /** As `cli`, for a command that may fail: returns how it ended and what it printed. */
  tryCli(args: readonly string[]): Promise<ProcessResult>;
  /** Sends a signal (default: SIGKILL) and waits until the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<ProcessResult>;
  /** Waits until the process has ended by itself. */
  exited(): Promise<ProcessResult>;
  /** Starts again on the same ports and data, after the process that still runs, if any, was stopped. */
  restart(): Promise<void>;
  /** Shuts the server down and waits until it has ended. */
  stop(): Promise<ProcessResult>;
  memory(): Promise<ProcessMemory>;
  /** Everything that the server printed since it last started. */
  log(): string;
}

/** The built server of this workspace; MCR_TEST_BUNDLE runs the same tests on an artifact from elsewhere. */
export const defaultBundle =
  process.env['MCR_TEST_BUNDLE'] ?? fileURLToPath(new URL('../../../../apps/mcrsrv/dist/mcrsrv.mjs', import.meta.url));
const readyTimeoutMs = 30_000;
/** Above the server's own time for finishing transfers. */
const stopTimeoutMs = 70_000;

/**
 * Sets up a registry with local accounts and generated certificates, starts it, and waits until it is ready. Disposing it
 * throws when the server's log holds a password of an account or any token.
 */
export async function startRegistry(options: RegistryOptions = {}): Promise<TestRegistry> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Between looking for a free port and listening on it, a connection of another test may have got it.
      if (attempt === startAttempts || !String(error).includes('EADDRINUSE')) throw error;
    }
  }
}

const startAttempts = 3;

async function startOnce(options: RegistryOptions): Promise<TestRegistry> {
  const { bundle = defaultBundle, address = '127.0.0.1' } = options;
  if (!existsSync(bundle)) throw new Error(`Build the server first: there is no ${bundle}`);
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await tempDirectory('mcr-registry-')).path;
  const configPath = join(directory, 'mcr.toml');
  const [port, grpcPort, metricsPort] = [await freePort(address), await freePort(address), await freePort(address)];
  const host = `${address}:${port}`;
  const baseUrl = `https://${host}`;
  const env = {
    PATH: process.env['PATH'],
    TMPDIR: directory,
    MCR_SERVER_LISTEN_ADDR: host,
    MCR_SERVER_GRPC_ADDR: `${address}:${grpcPort}`,
    MCR_SERVER_METRICS_ADDR: `${address}:${metricsPort}`,
    ...workersEnv(process.env['MCR_TEST_WORKERS']),
    ...options.env,
  };
  const cli = (args: readonly string[], input = ''): Promise<string> =>
    runOk(process.execPath, [bundle, ...args], { env, input, cwd: directory });

  await cli(['init', '--dir', directory, '--host', address]);
  const caPath = join(directory, 'tls', 'ca.crt');
  const ca = await readFile(caPath, 'utf8');
  const adminPassword = (await readFile(join(directory, 'initial-admin-password'), 'utf8')).trim();

  const accounts = new Map([['admin', adminPassword]]);
  const leaks: Promise<string[]>[] = [];
  resources.defer(async () => {
    const found = new Set((await Promise.all(leaks)).flat());
    if (found.size > 0) throw new Error(`The server's log holds ${[...found].join(', ')}`);
  });
  let server: BackgroundProcess;
  const start = async (): Promise<void> => {
    const output = options.logToFile === true ? { outputFile: join(directory, 'server.log') } : {};
    const command = [bundle, 'server', '--config', configPath];
    server = await startProcess(process.execPath, command, { env, cwd: directory, ...output });
    leaks.push(server.exited.then(({ stdout, stderr }) => leaksIn(stdout + stderr, accounts)));
    await untilReady(baseUrl, ca, server);
  };
  resources.defer(async () => void (await server?.stop(stopTimeoutMs)));
  await start();

  const owned = resources.move();
  return {
    baseUrl,
    host,
    grpcUrl: `https://${address}:${grpcPort}`,
    metricsUrl: `http://${address}:${metricsPort}`,
    ca,
    caPath,
    adminPassword,
    directory,
    configPath,
    get pid() {
      return server.pid;
    },
    client: (credentials = { username: 'admin', password: adminPassword }) =>
      owned.use(createOciClient({ baseUrl, ca, ...credentials })),
    async addAccount(username, { type = 'human', roles = [], password = `the password of ${username}` } = {}) {
      const account = ['account', 'create', username, '--config', configPath, '--type', type, '--password-stdin'];
      const id = await cli([...account, ...roles.flatMap((role) => ['--role', role])], password);
      accounts.set(username, password);
      return { id: id.trim(), username, password };
    },
    cli,
    tryCli: (args) => run(process.execPath, [bundle, ...args], { env, cwd: directory }),
    async kill(signal = 'SIGKILL') {
      server.kill(signal);
      return await server.exited;
    },
    exited: () => server.exited,
    async restart() {
      await server.stop(stopTimeoutMs);
      await start();
    },
    stop: () => server.stop(stopTimeoutMs),
    memory: () => memoryOf(server.pid),
    log: () => server.output(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** MCR_TEST_WORKERS=2 runs the tests of real registries on two workers, where a test does not say how many. */
function workersEnv(workers: string | undefined): Readonly<Record<string, string>> {
  return workers === undefined ? {} : { MCR_SERVER_WORKERS: workers, MCR_STORAGE_SHARED: String(workers !== '1') };
}

async function untilReady(baseUrl: string, ca: string, server: BackgroundProcess): Promise<void> {
  await using client = createOciClient({ baseUrl, ca });
  const ended = server.exited.then(() => 'ended');
  for (const end = Date.now() + readyTimeoutMs; Date.now() < end; ) {
    const response = await client.request('GET', '/v1/ready').catch(() => undefined);
    if (response?.status === 200) return;
    if ((await Promise.race([ended, sleep(50)])) === 'ended') break;
  }
  throw new Error(`The server is not ready:\n${server.output()}`);
}
