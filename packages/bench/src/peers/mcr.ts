import { availableParallelism } from 'node:os';
import { defaultBundle, type OciClient, run, startRegistry, type TestRegistry } from '@mcr/testkit';
import { addManifests } from '../add-manifests.ts';
import type { Build } from './build.ts';
import type { Contender, Peer, RunningPeer } from './peer.ts';

/** What was built from this checkout. */
export const thisBuild: Build = { name: 'mcr', bundle: defaultBundle };

/** MCR as in production. */
export const mcr = mcrBuild(thisBuild);

/** MCR as in production, with a worker for each core. */
export const mcrWorkers = mcrBuild({
  ...thisBuild,
  name: 'workers',
  env: { MCR_SERVER_WORKERS: String(Math.max(2, availableParallelism())), MCR_STORAGE_SHARED: 'true' },
});

/** A build of MCR, as in production: what differs from `mcr` is the bundle, and the settings that its name is for. */
export function mcrBuild({ name, bundle, env = {} }: Build): Peer {
  return {
    ...mcrWith(name, env, bundle),
    conditions:
      'Token authentication, policy, audit of every pull and push, durable commits (fsync), a log line for each request, ' +
      `limits at their defaults${workersOf(env)}`,
    async version() {
      return (await run(process.execPath, [bundle, '--version'])).stdout.trim() || undefined;
    },
  };
}

function workersOf({ MCR_SERVER_WORKERS: workers }: NonNullable<Build['env']>): string {
  return workers === undefined ? '' : `; ${workers} workers, whose CPU and memory are those of all processes`;
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
  const authorization = await bearer(registry.client());
  const { hostname, port } = new URL(registry.baseUrl);
  return {
    name,
    host: hostname,
    port: Number(port),
    ca: registry.ca,
    authorization,
    login: {
      path: '/v2/token?service=mcr',
      authorization: basic({ username: 'admin', password: registry.adminPassword }),
    },
    callers: {
      another: async () => await bearer(registry.client()),
      allowedLast: (repository) => allowedLast(registry, repository),
    },
    readyPath: '/v1/ready',
    get pid() {
      return registry.pid;
    },
    client: () => registry.client(),
    fill: (images) => addManifests(registry.directory, images),
    stop: async () => void (await registry.stop()),
    start: () => registry.restart(),
    [Symbol.asyncDispose]: dispose,
  };
}

async function bearer(client: OciClient): Promise<string> {
  return `Bearer ${(await client.token()).token}`;
}

function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** Nine rules about others come before the one that allows it. */
async function allowedLast(registry: TestRegistry, repository: string): Promise<string> {
  const { id, username, password } = await registry.addAccount('bench-ci', { type: 'system' });
  const { id: other } = await registry.addAccount('bench-other', { type: 'system' });
  const admin = registry.client();
  for (let priority = 1; priority <= 10; priority += 1) {
    const rule = {
      effect: 'allow',
      subject: priority < 10 ? other : id,
      repositories: [repository],
      actions: ['registry:pull'],
    };
    const response = await admin.request('POST', '/v1/policy/rules', {
      body: JSON.stringify({ ...rule, priority }),
      headers: { 'content-type': 'application/json' },
    });
    if (response.status !== 201) throw new Error(`no rule: ${response.status} ${response.text()}`);
  }
  return await bearer(registry.client({ username, password }));
}
