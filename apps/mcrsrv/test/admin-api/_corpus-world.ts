import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { type BlobStore, DiskBlobStore } from '@mcr/storage';
import { createOciClient, type OciClient, tempDirectory } from '@mcr/testkit';
import { ManualClock } from '../_util/manual-clock.ts';
import { rpcEnv, rpcUrl } from '../_util/rpc.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';
import { startCorpusMcias } from './_corpus-mcias.ts';
import { type CorpusSeed, tokensFor } from './_corpus-seed.ts';

/** A registry that is the same each time. */
export interface CorpusWorld extends AsyncDisposable {
  readonly server: TestServer;
  readonly clock: ManualClock;
  /** Both listeners, without credentials. */
  readonly rest: OciClient;
  readonly rpc: OciClient;
  /** What `{{name}}` in a step stands for. */
  readonly values: Map<string, string>;
  /** The token of a caller; nothing for `none`. */
  token(caller: string): string | undefined;
  /** Gets new tokens, after a long time. */
  renew(): Promise<void>;
  /** Makes garbage collections that look at every file wait before the first, or go on. */
  hold(isHeld: boolean): void;
  /** Resolves when garbage collection and the removal of deleted repositories have nothing left to do. */
  settle(): Promise<void>;
}

/** Boots a registry on a copy of the seed, with its own accounts or those of MCIAS. */
export async function openCorpusWorld(seed: CorpusSeed, accounts: 'local' | 'mcias' = 'local'): Promise<CorpusWorld> {
  await using cleanup = new AsyncDisposableStack();
  const { path } = cleanup.use(await tempDirectory());
  const directory = join(path, 'data');
  await cp(seed.directory, directory, { recursive: true });
  const clock = new ManualClock();
  clock.advance(seed.ms);
  const [layersPath, uploadsPath] = [join(directory, 'layers'), join(directory, 'uploads')];
  const gate = new Gate();
  const blobs = gated(await DiskBlobStore.open({ layersPath, uploadsPath }), gate);
  const mcias = accounts === 'mcias' ? cleanup.use(await startCorpusMcias(clock, path)) : undefined;
  const server = cleanup.use(
    await startTestServer({ directory, overrides: { clock, blobs }, env: { ...rpcEnv, ...mcias?.env } }),
  );
  cleanup.defer(() => gate.hold(false));
  // Pulls are noted a second later by the clock of the machine, so that a step may come before or after that.
  server.context.services.store.manifests.notePulls = async () => {};
  let { tokens } = seed;
  const rest = cleanup.use(createOciClient({ baseUrl: server.baseUrl, ca: server.ca }));
  const rpc = cleanup.use(createOciClient({ baseUrl: rpcUrl(server), ca: server.ca }));
  const gcStatus = async (): Promise<string> =>
    (await rest.request('GET', '/v1/gc/status', { authorization: `Bearer ${tokens.get('admin')}` })).text();

  const owned = cleanup.move();
  return {
    server,
    clock,
    rest,
    rpc,
    values: new Map(seed.values),
    token: (caller) => tokens.get(caller),
    async renew() {
      tokens = await tokensFor(server);
    },
    hold: (isHeld) => gate.hold(isHeld),
    async settle() {
      let before: string | undefined;
      for (let equal = 0; equal < 3; ) {
        const now = await gcStatus();
        equal = now === before && !now.includes('"running":true') ? equal + 1 : 0;
        before = now;
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Lets everyone through unless it is held. */
class Gate {
  #opening: PromiseWithResolvers<void> | undefined;

  hold(isHeld: boolean): void {
    this.#opening?.resolve();
    this.#opening = isHeld ? Promise.withResolvers() : undefined;
  }

  async pass(): Promise<void> {
    await this.#opening?.promise;
  }
}

/** A blob store whose list of everything begins when the gate lets it. */
function gated(blobs: BlobStore, gate: Gate): BlobStore {
  const list: BlobStore['list'] = async function* (after) {
    await gate.pass();
    yield* blobs.list(after);
  };
  return new Proxy(blobs, {
    get(target, name) {
      if (name === 'list') return list;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
