import { readdir } from 'node:fs/promises';
import {
  buildImage,
  createOciClient,
  locationOf,
  type OciClient,
  pushImage,
  seededBytes,
  startRegistry,
  type TestRegistry,
} from '@mcr/testkit';
import type { Ports } from './wire/send.ts';
import type { World } from './world.ts';

/** A bundled registry in a process of its own, with what the inputs name. */
export interface Target extends AsyncDisposable {
  readonly registry: TestRegistry;
  readonly ports: Ports;
  readonly world: World;
  /** Of the admin, with a token that no input has. */
  readonly client: OciClient;
  /** Open files and connections of the server. */
  handles(): Promise<number>;
  /** Whether the server answers, after whatever was sent to it before. */
  isAlive(): Promise<boolean>;
}

/** A module that is loaded into the server before its own code, to plant a bug. */
export interface TargetOptions {
  readonly preload?: string;
  /** Called with the id of the server's process. */
  readonly onStart?: (pid: number) => void;
}

const repositories = ['fuzz/first', 'fuzz/second', 'fuzz', 'a', 'manifests/blobs', `long/${'a'.repeat(190)}`];

/** Boots the registry and fills it. */
export async function startTarget({ preload, onStart }: TargetOptions = {}): Promise<Target> {
  await using cleanup = new AsyncDisposableStack();
  const env = {
    // Inputs begin uploads and never end them.
    MCR_LIMITS_UPLOADS_PER_ACCOUNT: '0',
    ...(preload !== undefined && { NODE_OPTIONS: `--import=${preload}` }),
  };
  const registry = cleanup.use(await startRegistry({ env }));
  onStart?.(registry.pid);
  const client = registry.client();
  const world = await fill(registry, client);
  // From here on it has a token that no input knows.
  await client.token();
  const owned = cleanup.move();
  return {
    registry,
    client,
    world,
    ports: { registry: portOf(registry.baseUrl), rpc: portOf(registry.grpcUrl) },
    handles: async () => (await readdir(`/proc/${registry.pid}/fd`)).length,
    async isAlive() {
      await using fresh = createOciClient({ baseUrl: registry.baseUrl, ca: registry.ca });
      const answer = await fresh.request('GET', '/v1/health').catch(() => undefined);
      return answer?.status === 200;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const json = { 'content-type': 'application/json' };
const portOf = (url: string): number => Number(new URL(url).port);

async function fill(registry: TestRegistry, client: OciClient): Promise<World> {
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
      user: await token('somebody'),
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
