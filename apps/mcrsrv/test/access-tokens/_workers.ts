import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type OciClient, type OciResponse, tempDirectory } from '@mcr/testkit';
import { ManualClock } from '../_util/manual-clock.ts';
import { rpcEnv } from '../_util/rpc.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

/** A token as a client gets it that creates or rotates one. */
export interface Created {
  readonly id: string;
  readonly secret: string;
}

/** Two registries that share everything, as workers do, at a time that stands still. */
export interface Workers extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly one: TestServer;
  readonly other: TestServer;
  /** A client with the password of `person`. */
  readonly person: OciClient;
  /** Moves the clock on, after which the clients with a password log in again. */
  later(ms: number): Promise<void>;
  /** Creates a token over REST, by default of the caller's own account. */
  create(fields: object, by?: OciClient): Promise<Created>;
}

/** Boots both, with more lines of the configuration. `robot` is a system account that may do everything with images, `person` a person. */
export async function openWorkers(env: Record<string, string> = {}, toml = ''): Promise<Workers> {
  await using cleanup = new AsyncDisposableStack();
  const { path: directory } = cleanup.use(await tempDirectory());
  for (const name of ['layers', 'uploads']) await mkdir(join(directory, name));
  const clock = new ManualClock();
  const options = {
    directory,
    toml,
    overrides: { clock },
    env: { ...rpcEnv, MCR_STORAGE_SHARED: 'true', ...env },
  };
  const one = cleanup.use(await startTestServer(options));
  const other = cleanup.use(await startTestServer(options));
  const robot = await one.addAccount('robot', { type: 'system' });
  await one.addAccount('person');
  await one.addRule({ subject: robot });
  const person = one.client('person');
  const owned = cleanup.move();
  return {
    clock,
    one,
    other,
    person,
    async later(ms) {
      clock.advance(ms);
      await Promise.all([one.admin, other.admin, person].map((client) => client.token()));
    },
    async create(fields, by = one.admin) {
      return createdBy(await by.request('POST', '/v1/tokens', json({ name: `t-${crypto.randomUUID()}`, ...fields })));
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A JSON body, for a request. */
export function json(value: object): { readonly headers: Record<string, string>; readonly body: string } {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** The token in a response that has created or rotated one. */
export function createdBy(response: OciResponse): Created {
  const { token, secret } = response.json();
  if (typeof secret !== 'string') throw new Error(`${response.status} ${response.text()}`);
  return { id: token.id, secret };
}

/** Basic credentials of an account, with a secret as the password. */
export function basic(username: string, secret: string): string {
  return `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
}
