import { defaultBundle, run, startRegistry, type TestRegistry } from '@mcr/testkit';
import type { Build } from './build.ts';
import type { Contender, Peer, RunningPeer } from './peer.ts';

/** What was built from this checkout. */
export const thisBuild: Build = { name: 'mcr', bundle: defaultBundle };

/** MCR as in production. */
export const mcr = mcrBuild(thisBuild);

/** A build of MCR, as in production: what differs from `mcr` is the bundle, and the settings that its name is for. */
export function mcrBuild({ name, bundle, env = {} }: Build): Peer {
  return {
    ...mcrWith(name, env, bundle),
    conditions:
      'Token authentication, policy, audit of every pull and push, durable commits (fsync), a log line for each request, ' +
      'limits at their defaults',
    async version() {
      return (await run(process.execPath, [bundle, '--version'])).stdout.trim() || undefined;
    },
  };
}

/** MCR with settings of its own, as `MCR_<SECTION>_<KEY>`. */
export function mcrWith(name: string, env: Readonly<Record<string, string>> = {}, bundle = defaultBundle): Contender {
  return {
    name,
    async start() {
      // The log goes to a file, as it does in production, since reading it here would slow the load generator down.
      const registry = await startRegistry({ bundle, logToFile: true, env });
      return await runningMcr(name, registry, async () => await registry[Symbol.asyncDispose]());
    },
  };
}

/** A registry of the testkit as a peer; disposing the peer calls `dispose`. */
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
