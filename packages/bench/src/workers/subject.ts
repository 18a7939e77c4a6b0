import { buildImage, pushImage, startRegistry, type TestRegistry, workersOf } from '@mcr/testkit';
import type { Address } from '../connection.ts';
import { requestHead } from '../connection.ts';
import { ownCpuSeconds } from '../cpu.ts';

/** Where to send the same GET of a manifest. */
export interface Target {
  readonly address: Address;
  readonly head: string;
}

/** What is measured: one registry, or several. */
export interface Subject extends AsyncDisposable {
  readonly name: string;
  readonly targets: readonly Target[];
  /** CPU seconds so far of what serves requests, and of processes that only hand out connections. */
  cpu(): Promise<{ readonly worker: number; readonly primary: number }>;
}

/** A registry with this many workers. */
export async function startWith(workers: number, logLevel: string): Promise<Subject> {
  const shared = { MCR_SERVER_WORKERS: String(workers), MCR_STORAGE_SHARED: String(workers > 1) };
  const registry = await start(logLevel, shared);
  return {
    name: workers === 1 ? 'one process' : `${workers} workers`,
    targets: [await targetOf(registry)],
    cpu: async () => await cpuOf(registry),
    [Symbol.asyncDispose]: () => registry[Symbol.asyncDispose](),
  };
}

/** As many registries as there would be workers, which share nothing but the machine. */
export async function startControl(count: number, logLevel: string): Promise<Subject> {
  await using resources = new AsyncDisposableStack();
  const registries: TestRegistry[] = [];
  for (let at = 0; at < count; at += 1) registries.push(resources.use(await start(logLevel, {})));
  const targets = await Promise.all(registries.map(targetOf));
  const owned = resources.move();
  return {
    name: `${count} registries`,
    targets,
    async cpu() {
      const each = await Promise.all(registries.map(cpuOf));
      return { worker: each.reduce((sum, { worker }) => sum + worker, 0), primary: 0 };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function start(logLevel: string, env: Record<string, string>): Promise<TestRegistry> {
  return await startRegistry({ env: { MCR_LOG_LEVEL: logLevel, ...env }, logToFile: true });
}

async function targetOf(registry: TestRegistry): Promise<Target> {
  const client = registry.client();
  const image = await buildImage({ layers: [{ size: 1_000 }] });
  await pushImage(client, 'bench/app', 'v1', image);
  const { token } = await client.token();
  const { hostname, port } = new URL(registry.baseUrl);
  const address = { host: hostname, port: Number(port), ca: registry.ca, authorization: `Bearer ${token}` };
  return {
    address,
    head: requestHead(address, 'GET', '/v2/bench/app/manifests/v1', { Accept: image.manifest.mediaType }),
  };
}

async function cpuOf(registry: TestRegistry): Promise<{ worker: number; primary: number }> {
  const workers = await workersOf(registry.pid);
  const own = await ownCpuSeconds(registry.pid);
  if (workers.length === 0) return { worker: own, primary: 0 };
  const each = await Promise.all(workers.map(({ pid }) => ownCpuSeconds(pid)));
  return { worker: each.reduce((sum, seconds) => sum + seconds, 0), primary: own };
}
