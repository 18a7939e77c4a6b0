import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { startProcess } from './processes.ts';
import { tempDirectory } from './temp.ts';

/** A server behind a balancer. */
export interface Backend {
  readonly port: number;
  /** The port of its probes, on plain HTTP. */
  readonly probePort: number;
}

/** haproxy in front of several servers of `127.0.0.1`. */
export interface Balancer extends AsyncDisposable {
  readonly port: number;
}

const readyWithinMs = 30_000;
const pollMs = 50;

/**
 * Starts haproxy, which hands TCP connections to servers in turn, and to those alone that said within the last second that
 * they are ready. Nothing is sticky.
 */
export async function startBalancer(backends: readonly Backend[]): Promise<Balancer> {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await tempDirectory('mcr-balancer-'));
  const port = await freePort();
  const servers = backends.map(
    (backend, at) => `server s${at + 1} 127.0.0.1:${backend.port} check port ${backend.probePort}`,
  );
  const config = `
defaults
  mode tcp
  timeout connect 2s
  timeout client 5m
  timeout server 5m
  retries 3
  option redispatch
frontend registry
  bind 127.0.0.1:${port}
  default_backend replicas
backend replicas
  balance roundrobin
  option httpchk GET /ready
  http-check expect status 200
  default-server inter 250ms fall 1 rise 1
  ${servers.join('\n  ')}
`;
  const path = join(directory.path, 'haproxy.cfg');
  await writeFile(path, config);
  const server = resources.use(await startProcess('haproxy', ['-db', '-f', path]));
  for (const end = Date.now() + readyWithinMs; !(await isListening(port)); await sleep(pollMs)) {
    if (Date.now() > end) throw new Error(`haproxy does not listen:\n${server.output()}`);
  }
  const owned = resources.move();
  return { port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
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
