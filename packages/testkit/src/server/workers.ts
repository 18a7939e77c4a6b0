import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOciClient, type OciClient } from '../oci-client/client.ts';
import type { Credentials, TokenResponse } from '../oci-client/token.ts';
import type { TransportOptions } from '../oci-client/transport.ts';
import { type RegistryOptions, startRegistry, type TestRegistry } from './server.ts';

/** A registry with several workers. */
export interface WorkersRegistry extends TestRegistry {
  /** A token of `admin`. */
  readonly token: string;
  /** The process of each worker, by number, in the order of their starts: one that is being replaced may be there twice. */
  workers(): Promise<readonly WorkerPid[]>;
  /** A client whose only connection goes to this worker, by default as `admin`; disposed with the registry. */
  clientOf(worker: number, account?: Credentials): Promise<OciClient>;
  /** The number of the worker that sent a response. */
  workerOf(requestId: string): Promise<number>;
}

/** A worker's process. */
export interface WorkerPid {
  readonly number: number;
  readonly pid: number;
}

/** Connections are handed out in turns, but a worker may be about to be replaced. */
const timeoutMs = 30_000;
const pollMs = 10;

/** Starts a registry with this many workers, and waits until all of them serve. */
export async function startWorkers(workers: number, options: RegistryOptions = {}): Promise<WorkersRegistry> {
  const env = { MCR_SERVER_WORKERS: String(workers), MCR_STORAGE_SHARED: 'true', ...options.env };
  await using resources = new AsyncDisposableStack();
  const registry = resources.use(await startRegistry({ ...options, env }));
  await logged(registry, '"msg":"listening"');
  const { baseUrl, ca, adminPassword: password } = registry;
  const { token } = await tokenOf({ baseUrl, ca, username: 'admin', password });
  const workerOf = (requestId: string): Promise<number> => workerInLog(registry, requestId);
  const owned = resources.move();
  // The registry has accessors, which a copy would read once.
  return Object.assign(Object.create(registry) as TestRegistry, {
    token,
    async restart() {
      await registry.restart();
      await logged(registry, '"msg":"listening"');
    },
    workers: () => workersOf(registry.pid),
    workerOf,
    async clientOf(worker: number, account: Credentials = { token }) {
      const others: OciClient[] = [];
      try {
        for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(pollMs)) {
          const client = createOciClient({ baseUrl, ca, connections: 1, ...account });
          const response = await client.request('GET', '/v2/');
          if ((await workerOf(response.header('x-request-id') ?? '')) === worker) return owned.use(client);
          others.push(client);
        }
      } finally {
        await Promise.all(others.map((client) => client[Symbol.asyncDispose]()));
      }
      throw new Error(`No connection has reached worker ${worker}`);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  });
}

/** Gets a token, and leaves no connection behind. */
async function tokenOf(options: TransportOptions & Credentials): Promise<TokenResponse> {
  await using client = createOciClient(options);
  return await client.token();
}

/** The workers of a primary, as the system knows them. */
export async function workersOf(primary: number): Promise<readonly WorkerPid[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map((pid) => workerAt(pid, primary)));
  return found.filter((worker) => worker !== undefined);
}

async function workerAt(pid: number, primary: number): Promise<WorkerPid | undefined> {
  try {
    const [status, command] = await Promise.all([
      readFile(`/proc/${pid}/status`, 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    const number = /\0worker\0(\d+)\0$/.exec(command)?.[1];
    return number !== undefined && status.includes(`\nPPid:\t${primary}\n`)
      ? { number: Number(number), pid }
      : undefined;
  } catch {
    // It has just ended.
    return undefined;
  }
}

async function workerInLog(registry: TestRegistry, requestId: string): Promise<number> {
  const line = await logged(registry, `"requestId":"${requestId}"`);
  return (JSON.parse(line) as { worker: number }).worker;
}

/** Waits for a line of the log that has this text. Throws when none comes. */
async function logged(registry: TestRegistry, text: string): Promise<string> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(pollMs)) {
    const line = registry
      .log()
      .split('\n')
      .findLast((it) => it.includes(text));
    if (line !== undefined) return line;
  }
  throw new Error(`The log has no ${text}`);
}
