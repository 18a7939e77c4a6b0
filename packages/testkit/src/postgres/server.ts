import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { runOk } from '../processes.ts';
import { type TempDirectory, tempDirectory } from '../temp.ts';
import { type PostgresVersion, postgresBinaries } from './installations.ts';

/** How to start a server. */
export interface PostgresOptions {
  readonly version: PostgresVersion;
  /** Settings beside those of {@link startPostgres}, and in their place. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The server becomes a standby of this one, which is of the same version, under this name. */
  readonly standby?: { readonly of: PostgresServer; readonly name: string };
}

/** A server of its own, whose only role is the superuser `mcr`, without a password. */
export interface PostgresServer extends AsyncDisposable {
  readonly version: PostgresVersion;
  readonly port: number;
  readonly pid: number;
  /** Holds the data, in `data`, and nothing else that has to stay. */
  readonly directory: string;
  readonly url: (database?: string) => string;
  /** Runs a program of the installation, such as pg_ctl, as the user of the server. */
  readonly tool: (name: string, ...args: readonly string[]) => Promise<string>;
  /** What the server logged. */
  readonly log: () => string;
  /** Ends the server and leaves its data: SIGINT ends sessions, SIGQUIT is a crash, SIGKILL an abrupt one. */
  readonly stop: (signal?: 'INT' | 'QUIT' | 'KILL') => Promise<void>;
}

/** A server that is thrown away need not survive a crash, and is the faster for it. */
const throwaway = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '32MB',
  max_connections: '150',
  listen_addresses: '127.0.0.1',
};

/** A log is for messages; a long test must not fill the memory with it. */
const logLimit = 1 << 20;

/**
 * Becomes the server, beside a process that signals it as its input says. When the tests are gone, that input ends: then the
 * server does, too, and its files in `$0` go.
 */
const keeper = `exec 3<&0
({ if read -r signal; then kill -"$signal" $$; exit; fi; kill -QUIT $$
  for wait in $(seq 100); do kill -0 $$ || break; sleep 0.1; done; rm -rf "$0"; } <&3 >/dev/null 2>&1 &)
exec "$@" </dev/null 3<&-`;

/** No PostgreSQL runs as root; what its user may not read, such as a checkout of root, this one may. */
const unprivileged = [
  'setpriv',
  '--reuid=65534',
  '--regid=65534',
  '--clear-groups',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
];
const asUser = (...command: readonly string[]) => [...(process.getuid?.() === 0 ? unprivileged : []), ...command];

/**
 * Starts a server on a free port of 127.0.0.1, whose files are removed with it, also when this process is killed. What it
 * has written a crash of the machine may lose, unless `settings` say otherwise. Throws with its log when it does not start.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { version, standby } = options;
  const binaries = postgresBinaries(version);
  if (binaries === undefined) throw new Error(`PostgreSQL ${version} is not installed`);
  const directory = await tempDirectory('mcr-postgres-');
  const data = join(directory.path, 'data');
  const tool = async (name: string, ...args: readonly string[]): Promise<string> => {
    const [command = '', ...rest] = asUser(join(binaries, name), ...args);
    return await runOk(command, rest);
  };
  if (standby === undefined) {
    await tool('initdb', '-D', data, '-U', 'mcr', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
  } else {
    const source = `host=127.0.0.1 port=${standby.of.port} user=mcr application_name=${standby.name}`;
    await tool('pg_basebackup', '-D', data, '-R', '-X', 'stream', '-c', 'fast', '--no-sync', '-d', source);
  }
  const port = await freePort();
  const settings = { ...throwaway, port: String(port), unix_socket_directories: directory.path, ...options.settings };
  const flags = Object.entries(settings).map(([name, value]) => `-c${name}=${value}`);
  const running = await launch(directory, asUser(join(binaries, 'postgres'), '-D', data, ...flags));
  return {
    version,
    port,
    directory: directory.path,
    url: (database = 'postgres') => `postgres://mcr@127.0.0.1:${port}/${database}`,
    tool,
    ...running,
    async [Symbol.asyncDispose]() {
      await running.stop('QUIT');
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function launch(
  { path }: TempDirectory,
  command: readonly string[],
): Promise<Pick<PostgresServer, 'pid' | 'log' | 'stop'>> {
  const child = spawn('sh', ['-c', keeper, path, ...command], { detached: true, stdio: ['pipe', 'ignore', 'pipe'] });
  let output = '';
  const exited = once(child, 'exit');
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-logLimit);
      if (/ready to accept (read-only )?connections/.test(output)) resolve();
    });
    exited.then(() => reject(new Error(`PostgreSQL did not start\n${output}`)), reject);
  });
  // Tests that end without stopping it must not wait for it.
  child.unref();
  for (const stream of [child.stdin, child.stderr]) (stream as Socket).unref();
  return {
    pid: child.pid ?? 0,
    log: () => output,
    async stop(signal = 'INT') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      child.stdin.end(`${signal}\n`);
      await exited;
    },
  };
}
