import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { createOciClient, type OciClient, tempDirectory } from '@mcr/testkit';
import { ManualClock } from '../_util/manual-clock.ts';
import { rpcEnv, rpcUrl } from '../_util/rpc.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';
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
  /** Resolves when garbage collection and the removal of deleted repositories have nothing left to do. */
  settle(): Promise<void>;
}

/** Boots a registry on a copy of the seed. */
export async function openCorpusWorld(seed: CorpusSeed): Promise<CorpusWorld> {
  await using cleanup = new AsyncDisposableStack();
  const { path } = cleanup.use(await tempDirectory());
  const directory = join(path, 'data');
  await cp(seed.directory, directory, { recursive: true });
  const clock = new ManualClock();
  clock.advance(seed.ms);
  const server = cleanup.use(await startTestServer({ directory, overrides: { clock }, env: rpcEnv }));
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
