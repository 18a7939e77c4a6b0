import { buildImage, type OciClient, pushImage } from '@mcr/testkit';
import { expect } from 'vitest';
import type { OpenApi } from '../_util/openapi.ts';
import { type RestClient, type RestResponse, restClient } from '../_util/rest.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

/** A registry with an admin, two leads, who are delegates for a namespace each, a person and three robots. */
export interface DelegationWorld extends AsyncDisposable {
  readonly server: TestServer;
  readonly as: Readonly<Record<'admin' | 'ann' | 'bob' | 'carl', RestClient>>;
  /** UUIDs of accounts, by name. */
  readonly ids: Readonly<Record<string, string>>;
  readonly client: (who: string) => OciClient;
  /** Ids of delegations, by name of the account. */
  readonly delegations: Readonly<Record<'ann' | 'bob', string>>;
}

const dataActions = ['registry:pull', 'registry:push'];

/** Starts it: closed, so that everybody may do what rules say; leads may pull and push in their namespaces. */
export async function createDelegationWorld(): Promise<DelegationWorld> {
  await using cleanup = new AsyncDisposableStack();
  const server = cleanup.use(await startTestServer({ env: { MCR_POLICY_DEFAULT: 'closed' } }));
  const ids: Record<string, string> = { admin: (await server.context.services.store.accounts.findByName('admin'))!.id };
  for (const [name, type, roles] of [
    ['ann', 'human', ['lead-x']],
    ['bob', 'human', ['lead-y']],
    ['carl', 'human', []],
    ['x-bot', 'system', []],
    ['y-bot', 'system', []],
    ['cluster', 'system', []],
  ] as const) {
    ids[name] = await server.addAccount(name, { type, roles: [...roles] });
  }
  const description: OpenApi = (await server.admin.request('GET', '/v1/openapi.json')).json();
  const rest = (name: string) => restClient(server.client(name), description);
  const as = { admin: restClient(server.admin, description), ann: rest('ann'), bob: rest('bob'), carl: rest('carl') };
  const image = await buildImage({ layers: [{ size: 10 }] });
  for (const name of ['team-x/app', 'team-x/base/app', 'team-y/app', 'prod/app']) {
    await pushImage(server.admin, name, 'v1', image);
  }
  for (const team of ['x', 'y']) {
    const rule = { priority: 5, effect: 'allow', roles: [`lead-${team}`], actions: dataActions };
    succeeded(await as.admin.post('/v1/policy/rules', { ...rule, repositories: [`team-${team}/**`] }), 201);
  }
  const grant = async (account: string, pattern: string): Promise<string> =>
    succeeded(await as.admin.post('/v1/delegations', { account, pattern }), 201).id;
  const delegations = { ann: await grant('ann', 'team-x/**'), bob: await grant('bob', 'team-y/**') };
  const owned = cleanup.move();
  return {
    server,
    as,
    ids,
    client: (who) => server.client(who),
    delegations,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The body of a response that has the status. */
export function succeeded({ status, body }: RestResponse, expected = 200): RestResponse['body'] {
  expect([status, body], JSON.stringify(body)).toEqual([expected, body]);
  return body;
}

/** The message of a denial. */
export function denied({ status, body }: RestResponse): string {
  expect(status, JSON.stringify(body)).toBe(403);
  return body.error;
}
