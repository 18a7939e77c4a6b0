import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  buildImage,
  createOciClient,
  locationOf,
  memoryOf,
  type OciClient,
  type ProcessMemory,
  pushImage,
  seededBytes,
  startRegistry,
  type TestRegistry,
} from '@mcr/testkit';
import type { Names, Surface } from './names.ts';
import { startWeb } from './web.ts';
import type { Ports } from './wire/send.ts';

/** A bundled registry, or its web UI, in a process of its own, with what the inputs name. */
export interface Target extends AsyncDisposable {
  readonly registry: TestRegistry;
  readonly ports: Ports;
  readonly names: Names;
  /** Of the admin, with a token that no input has. */
  readonly client: OciClient;
  /** Open files and connections of the process that the inputs are for. */
  handles(): Promise<number>;
  /** Its memory, once it has given back what it does not need. */
  memory(): Promise<ProcessMemory>;
  /** Milliseconds that its main thread, where the event loop is, has worked. */
  worked(): Promise<number>;
  /** Whether it still responds. */
  isAlive(): Promise<boolean>;
  /** What it, and the registry behind it, have printed. */
  log(): string;
}

/** What to start. */
export interface TargetOptions {
  /** Default: the registry. */
  readonly surface?: Surface | undefined;
  /** A module that is loaded into the process before its own code, to plant a bug. */
  readonly preload?: string;
  /** Overrides of the registry's configuration. */
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the id of the server's process. */
  readonly onStart?: (pid: number) => void;
}

const collectsOnSignal = new URL('./collects-on-signal.ts', import.meta.url).href;
/** Milliseconds in which a process has collected its garbage, busy as it may be. */
const collectingMs = 1_000;
const repositories = ['fuzz/first', 'fuzz/second', 'fuzz', 'a', 'manifests/blobs', `long/${'a'.repeat(190)}`];

/** Boots the registry and fills it. */
export async function startTarget(options: TargetOptions = {}): Promise<Target> {
  const { surface = 'registry', preload, onStart } = options;
  await using cleanup = new AsyncDisposableStack();
  const planted = {
    NODE_OPTIONS: [collectsOnSignal, ...(preload === undefined ? [] : [preload])]
      .map((it) => `--import=${it}`)
      .join(' '),
  };
  const env = {
    // Inputs begin uploads and never end them.
    MCR_LIMITS_UPLOADS_PER_ACCOUNT: '0',
    ...(surface === 'registry' && planted),
    ...options.env,
  };
  const registry = cleanup.use(await startRegistry({ env }));
  onStart?.(registry.pid);
  const web = surface === 'web' ? cleanup.use(await startWeb(registry, planted)) : undefined;
  if (web !== undefined) onStart?.(web.pid);
  const pid = (): number => web?.pid ?? registry.pid;
  const client = registry.client();
  const names = { ...(await fill(registry, client)), surface, ...(web !== undefined && { host: web.host }) };
  // From here on the client uses a token that no input contains.
  await client.token();
  const owned = cleanup.move();
  return {
    registry,
    client,
    names,
    ports: {
      registry: portOf(registry.baseUrl),
      rpc: portOf(registry.grpcUrl),
      metrics: portOf(registry.metricsUrl),
      web: web === undefined ? 0 : portOf(web.baseUrl),
    },
    handles: async () => (await readdir(`/proc/${pid()}/fd`)).length,
    async memory() {
      process.kill(pid(), 'SIGUSR2');
      await sleep(collectingMs);
      return await memoryOf(pid());
    },
    worked: () => workOf(pid()),
    log: () => (web?.log() ?? '') + registry.log(),
    async isAlive() {
      const responses = [responsesAt(registry.baseUrl, '/v1/health', registry.ca)];
      if (web !== undefined) responses.push(responsesAt(web.baseUrl, '/login', registry.ca));
      return (await Promise.all(responses)).every(Boolean);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function responsesAt(baseUrl: string, path: string, ca: string): Promise<boolean> {
  await using fresh = createOciClient({ baseUrl, ca });
  const response = await fresh.request('GET', path).catch(() => undefined);
  return response?.status === 200;
}

/** In ticks of 10 ms, from Linux' /proc: the 14th and 15th field, the name before them being anything in parentheses. */
async function workOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/task/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

const json = { 'content-type': 'application/json' };
const portOf = (url: string): number => Number(new URL(url).port);

async function fill(registry: TestRegistry, client: OciClient): Promise<Omit<Names, 'surface'>> {
  const image = await buildImage({ layers: [seededBytes('layer', 3_000), seededBytes('other', 40)] });
  for (const name of [repositories[0]!, canary.repository]) await pushImage(client, name, canary.tag, image);
  const uploads: string[] = [];
  for (let count = 0; count < 5; count += 1) {
    uploads.push(locationOf(await client.startUpload(repositories[0]!)));
  }
  const password = 'the password of an account';
  const add = async (username: string, roles: readonly string[] = []): Promise<string> => {
    const body = JSON.stringify({ username, password, roles });
    const added = await client.request('POST', '/v1/accounts', { body, headers: json });
    if (added.status !== 201) throw new Error(`No account ${username}: ${added.text()}`);
    return (added.json() as { id: string }).id;
  };
  const token = async (username: string, roles?: readonly string[]): Promise<string> => {
    await add(username, roles);
    await using own = createOciClient({ baseUrl: registry.baseUrl, ca: registry.ca, username, password });
    return (await own.token()).token;
  };
  return {
    host: registry.host,
    tokens: {
      admin: (await client.token()).token,
      user: await token('fuzz-user'),
      spare: await token('spare', ['admin']),
    },
    repositories,
    manifests: [image.manifest.digest],
    blobs: image.blobs.map(({ digest }) => digest),
    tags: [canary.tag, 'v1', 'latest', '1.0_a-b'],
    uploads,
    account: await add('nobody'),
    manifest: { mediaType: image.manifest.mediaType, content: Buffer.from(image.manifest.bytes) },
  };
}

/** What the well-formed requests in between read; no input names it. */
export const canary = { repository: 'canary/app', tag: 'v1' } as const;
