import { afterAll, beforeAll } from 'vitest';
import type { OpenApi } from './openapi.ts';
import { type RestClient, restClient } from './rest.ts';
import { clientsOver, type RpcClients, rpcClients, rpcEnv } from './rpc.ts';
import { startTestServer, type TestServer, type TestServerOptions, testPassword } from './server.ts';
import { openTransport, type TransportName } from './transports.ts';

/** Who calls: an admin, a person, a machine that no rule lets do anything, or an anonymous client. */
export type Who = 'admin' | 'person' | 'machine' | 'anonymous';

/** Both transports of the admin API, for each kind of caller. */
export interface AdminApi extends AsyncDisposable {
  readonly server: TestServer;
  /** UUID of the account. */
  readonly id: (who: Exclude<Who, 'anonymous'>) => string;
  readonly token: (who: Exclude<Who, 'anonymous'>) => string;
  readonly rest: (who: Who) => RestClient;
  readonly rpc: (who: Who) => RpcClients;
  /** The same clients over any transport, REST among them; an admin's by default. */
  readonly over: (transport: TransportName, who?: Who) => RpcClients;
}

/** Boots a registry with both transports open. */
export async function openAdminApi(options: TestServerOptions = {}): Promise<AdminApi> {
  await using cleanup = new AsyncDisposableStack();
  const server = cleanup.use(await startTestServer({ ...options, env: { ...rpcEnv, ...options.env } }));
  const { store } = server.context.services;
  const ids = new Map<Who, string>([
    ['admin', (await store.accounts.findByName('admin'))?.id ?? ''],
    ['person', await server.addAccount('person')],
    ['machine', await server.addAccount('machine', { type: 'system' })],
  ]);
  const tokens = new Map<Who, string>();
  for (const who of ids.keys()) tokens.set(who, await tokenFor(server, who));
  const description: OpenApi = (await server.admin.request('GET', '/v1/openapi.json')).json();

  const rests = new Map<Who, RestClient>();
  const rpcs = new Map<Who, RpcClients>();
  const others = new Map<string, RpcClients>();
  const remembered = <Key, Client>(clients: Map<Key, Client>, key: Key, make: () => Client): Client => {
    const client = clients.get(key) ?? make();
    clients.set(key, client);
    return client;
  };
  const credentials = (who: Who) => {
    const token = tokens.get(who);
    return token === undefined ? {} : { token };
  };
  const owned = cleanup.move();
  return {
    server,
    id: (who) => ids.get(who)!,
    token: (who) => tokens.get(who)!,
    rest: (who) => remembered(rests, who, () => restClient(server.client(credentials(who)), description)),
    rpc: (who) => remembered(rpcs, who, () => rpcClients(server, tokens.get(who))),
    over: (transport, who = 'admin') =>
      remembered(others, `${transport}, ${who}`, () => {
        const authorization = who === 'anonymous' ? undefined : `Bearer ${tokens.get(who)}`;
        return clientsOver(openTransport(transport, server, authorization));
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Boots one registry with both transports for all tests of a file. */
export function useAdminApi(options: TestServerOptions = {}): () => AdminApi {
  let api: AdminApi | undefined;
  beforeAll(async () => {
    api = await openAdminApi(options);
  });
  afterAll(() => api?.[Symbol.asyncDispose]());
  return () => {
    if (api === undefined) throw new Error('The registry did not boot');
    return api;
  };
}

/** A new token of a local account, got as a container client gets it. */
export async function tokenFor(server: TestServer, username: string, password = testPassword): Promise<string> {
  const { token } = await server.client({ username, password }).token();
  return token;
}
