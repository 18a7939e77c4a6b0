import { once } from 'node:events';
import { connect } from 'node:tls';
import { createOciClient, type OciClient, type WorkersRegistry } from '@mcr/testkit';

/** For `expect.poll`: looks often, and gives up only on what never happens, also on a busy machine. */
export const pollOptions = { interval: 20, timeout: 30_000 } as const;

/** One line of the log. */
export interface LogLine {
  readonly worker: number;
  readonly level: string;
  readonly msg: string;
  readonly requestId?: string;
  readonly waitMs?: number;
}

/** The lines of the log; throws for one that is not whole. */
export function logOf(registry: WorkersRegistry, text = registry.log()): LogLine[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as LogLine);
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function pidsOf(registry: WorkersRegistry): Promise<number[]> {
  return (await registry.workers()).map(({ pid }) => pid);
}

export async function pidOf(registry: WorkersRegistry, worker: number): Promise<number> {
  const found = (await registry.workers()).find(({ number }) => number === worker);
  if (found === undefined) throw new Error(`Worker ${worker} does not run`);
  return found.pid;
}

/** The serial number of the certificate that a new connection gets. */
export async function certificateOf(registry: WorkersRegistry): Promise<string> {
  const { hostname, port } = new URL(registry.baseUrl);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

/** Repeats requests until `stop`, and counts those without a response and those with an unexpected one. */
export class Traffic {
  readonly failures: unknown[] = [];
  done = 0;
  #stopped = false;
  readonly #running: Promise<void>[] = [];

  /** Begins a stream of requests; `request` throws what went wrong. */
  add(request: () => Promise<void>): void {
    const loop = async (): Promise<void> => {
      while (!this.#stopped) {
        await request().then(
          () => (this.done += 1),
          (error: unknown) => this.failures.push(error),
        );
      }
    };
    this.#running.push(loop());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }
}

/** One request on a connection of its own. */
export async function withConnection(
  registry: WorkersRegistry,
  token: string,
  use: (client: OciClient) => Promise<void>,
): Promise<void> {
  const { baseUrl, ca } = registry;
  await using client = createOciClient({ baseUrl, ca, token, connections: 1 });
  await use(client);
}
