import { freePort } from '../free-port.ts';
import { findGoProgram } from '../go-programs.ts';
import { startProcess } from '../processes.ts';

/** A TCP connection through which programs reach something, and which can be disturbed. */
export interface Link {
  readonly host: string;
  readonly port: number;
  /** Makes responses late, by so many milliseconds more or less. */
  delay(ms: number, jitter?: number): Promise<void>;
  /** Ends each connection with a reset after so many milliseconds. */
  reset(afterMs: number): Promise<void>;
  /** Ends each connection, old ones too, after so many bytes more in a direction: `up` is what programs send. */
  cut(direction: 'up' | 'down', bytes: number): Promise<void>;
  /** Closes the connections that there are, and takes no others, until `heal`. */
  down(): Promise<void>;
  /** Ends all disturbances. */
  heal(): Promise<void>;
}

/** Toxiproxy (https://github.com/Shopify/toxiproxy), which disturbs connections. */
export interface Toxiproxy extends AsyncDisposable {
  /** Opens a way to `127.0.0.1:target`. */
  link(name: string, target: number): Promise<Link>;
}

const host = '127.0.0.1';
const readyWithinMs = 10_000;

/** Starts toxiproxy on free ports. Throws when it is not installed. */
export async function startToxiproxy(): Promise<Toxiproxy> {
  const binary = findGoProgram('server');
  if (binary === undefined) throw new Error('toxiproxy is not installed');
  const port = await freePort();
  await using resources = new AsyncDisposableStack();
  const server = resources.use(await startProcess(binary, ['-host', host, '-port', String(port)]));
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`http://${host}:${port}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`toxiproxy: ${method} ${path}: ${response.status} ${await response.text()}`);
    return await response.text();
  };
  for (const end = Date.now() + readyWithinMs; ; ) {
    if (await call('GET', '/version').catch(() => undefined)) break;
    if (Date.now() > end) throw new Error(`toxiproxy does not respond: ${server.output()}`);
  }
  const owned = resources.move();
  return {
    async link(name, target) {
      const listen = await freePort();
      await call('POST', '/proxies', {
        name,
        listen: `${host}:${listen}`,
        upstream: `${host}:${target}`,
        enabled: true,
      });
      return linkOf(call, name, listen);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type Call = (method: string, path: string, body?: object) => Promise<unknown>;

function linkOf(call: Call, name: string, port: number): Link {
  const toxics = new Set<string>();
  /** One of each kind; the same kind again takes the place of the one before. */
  const poison = async (type: string, stream: 'upstream' | 'downstream', attributes: object): Promise<void> => {
    const toxic = `${type}-${stream}`;
    if (toxics.has(toxic)) await call('POST', `/proxies/${name}/toxics/${toxic}`, { attributes });
    else await call('POST', `/proxies/${name}/toxics`, { name: toxic, type, stream, attributes });
    toxics.add(toxic);
  };
  return {
    host,
    port,
    delay: (latency, jitter = 0) => poison('latency', 'downstream', { latency, jitter }),
    reset: (timeout) => poison('reset_peer', 'downstream', { timeout }),
    cut: (direction, bytes) => poison('limit_data', `${direction}stream`, { bytes }),
    down: async () => void (await call('POST', `/proxies/${name}`, { enabled: false })),
    async heal() {
      for (const toxic of toxics) await call('DELETE', `/proxies/${name}/toxics/${toxic}`);
      toxics.clear();
      await call('POST', `/proxies/${name}`, { enabled: true });
    },
  };
}
