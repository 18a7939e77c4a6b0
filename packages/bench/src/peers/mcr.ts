import { defaultBundle, run, startRegistry, type TestRegistry } from '@mcr/testkit';
import type { Contender, Peer, RunningPeer } from './peer.ts';

/** MCR as in production. */
export const mcr: Peer = {
  ...mcrWith('mcr'),
  conditions:
    'Token authentication, policy, audit of every pull and push, durable commits (fsync), a log line for each request, ' +
    'limits at their defaults',
  async version() {
    return (await run(process.execPath, [defaultBundle, '--version'])).stdout.trim() || undefined;
  },
};

/** MCR with settings of its own, as `MCR_<SECTION>_<KEY>`. */
export function mcrWith(name: string, env: Readonly<Record<string, string>> = {}): Contender {
  return {
    name,
    async start() {
      // The log goes to a file, as it does in production, since reading it here would slow the load generator down.
      const registry = await startRegistry({ logToFile: true, env });
      return await runningMcr(name, registry, async () => await registry[Symbol.asyncDispose]());
    },
  };
}

/** A registry of the testkit as a peer; disposing the peer does what `dispose` says. */
export async function runningMcr(
  name: string,
  registry: TestRegistry,
  dispose: () => Promise<void>,
): Promise<RunningPeer> {
  const { token } = await registry.client().token();
  const { hostname, port } = new URL(registry.baseUrl);
  return {
    name,
    host: hostname,
    port: Number(port),
    ca: registry.ca,
    authorization: `Bearer ${token}`,
    readyPath: '/v1/ready',
    get pid() {
      return registry.pid;
    },
    client: () => registry.client(),
    stop: async () => void (await registry.stop()),
    start: () => registry.restart(),
    [Symbol.asyncDispose]: dispose,
  };
}
