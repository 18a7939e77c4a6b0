import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@mcr/config';
import { digestOf, mediaTypes, parseRepositoryName } from '@mcr/core';
import type { NewPolicyRule } from '@mcr/db';
import { githubClaims, type OciResponse, startFakeIssuer, tempDirectory } from '@mcr/testkit';
import { openBlobs } from '../../src/blob-stores.ts';
import { openStore } from '../../src/stores.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../_util/server.ts';
import { type Caller, createCallers, places, signedIn } from './_callers.ts';
import { type Calls, recording } from './_recording.ts';

/** A registry with every kind of caller, and the means to give each request something to act on. */
export interface World extends AsyncDisposable {
  readonly server: TestServer;
  readonly callers: readonly Caller[];
  /** What the database and the disk were asked since the last look. */
  readonly calls: Calls;
  /** Methods of database and disk that fail while they are named here. */
  readonly faults: Set<string>;
  /** Stores an image index that lists nothing, under a tag of its own. */
  manifest(repository: string): Promise<{ readonly tag: string; readonly digest: string }>;
  /** Stores a blob of its own content. */
  blob(repository: string): Promise<string>;
  /** Opens an upload that belongs to this account. */
  upload(repository: string, owner: string): Promise<string>;
  /** Adds an account that cannot log in, and gives its id. */
  account(): Promise<string>;
  /** Adds a person who has signed in at the provider, and gives the id. */
  identity(): Promise<string>;
  /** Adds a rule that is switched off, and gives its id. */
  rule(fields?: Partial<NewPolicyRule>): Promise<number>;
  /** Grants a delegation, and gives its id. */
  delegation(): Promise<string>;
  /** A new access token of the operator; its id. */
  token(): Promise<string>;
  /** A word that was not given out before. */
  word(): string;
  /** Ends every open upload, so that none counts against an account. */
  tidy(): Promise<void>;
}

/** What is other than in `startTestServer`. */
export interface WorldOptions extends Pick<TestServerOptions, 'env' | 'overrides'> {
  /** How many servers share the registry; 1 by default. */
  readonly workers?: 1 | 2;
}

/** Boots the registry; its repositories `own/app` and `other/app` hold a manifest each. */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  await using cleanup = new AsyncDisposableStack();
  const { path: directory } = cleanup.use(await tempDirectory());
  const calls: Calls = [];
  const faults = new Set<string>();
  const shared = options.workers === 2;
  const open = async (config: Config) => ({
    store: recording(await openStore(config), calls, faults),
    blobs: recording(await openBlobs(config), calls, faults),
  });
  const issuer = cleanup.use(await startFakeIssuer({ now: () => options.overrides?.clock?.now() ?? Date.now() }));
  await writeFile(join(directory, 'issuer-ca.crt'), issuer.caPem);
  const toml = `[workload.job]
issuer = "${issuer.issuer}"
audience = "mcr"
conditions = { repository = "acme/app" }
ca_cert = "issuer-ca.crt"
[oidc.corp]
issuer = "${issuer.issuer}"
client_id = "mcr"
redirect_url = "https://ui.example.com/login/callback"
ca_cert = "issuer-ca.crt"
`;
  const env = {
    MCR_SERVER_GRPC_ADDR: '127.0.0.1:0',
    MCR_STORAGE_TAG_DELETE: 'true',
    ...(shared && { MCR_STORAGE_SHARED: 'true' }),
    ...options.env,
  };
  const { overrides = {} } = options;
  const twin = shared && { twin: async (config: Config) => ({ ...(await open(config)), ...overrides }) };
  const server = cleanup.use(await startTestServer({ directory, overrides, open, ...twin, env, toml }));
  const { clock, store } = server.context.services;
  const callers = await createCallers(server, await issuer.sign(githubClaims('acme/app', 'mcr')));
  // Its password is not among those that callers change.
  await server.addAccount('operator', { roles: ['admin'] });
  const operator = server.client('operator');

  let words = 0;
  const word = (): string => `w${(words += 1)}`;
  const ok = async (response: Promise<OciResponse>): Promise<void> => {
    const got = await response;
    if (got.status !== 201) throw new Error(`${got.status} ${got.text()}`);
  };
  const manifest: World['manifest'] = async (repository) => {
    const tag = word();
    const annotations = { tag };
    const content = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [], annotations };
    const bytes = Buffer.from(JSON.stringify(content));
    await ok(operator.pushManifest(repository, tag, { bytes, mediaType: mediaTypes.ociIndex }));
    return { tag, digest: digestOf(bytes) };
  };
  const owned = cleanup.move();
  const world: World = {
    server,
    callers,
    calls,
    faults,
    word,
    manifest,
    async blob(repository) {
      const content = word();
      const digest = digestOf(content);
      const path = `/v2/${repository}/blobs/uploads/?digest=${digest}`;
      await ok(operator.request('POST', path, { body: content }));
      return digest;
    },
    async token() {
      const id = randomUUID();
      const { id: accountId } = (await store.accounts.findByName('operator'))!;
      const limits = { actions: [], repositories: [], scope: 'none' } as const;
      const owner = { accountId, accountName: 'operator' };
      const token = { id, ...owner, name: id, ...limits, expiresAt: clock.now() + 3_600_000, secretHash: id };
      await store.tokens.create({ token, limit: 0, actor: {}, now: clock.now() });
      return id;
    },
    async upload(repository, owner) {
      const id = randomUUID();
      await store.uploads.create({
        id,
        repository: parseRepositoryName(repository),
        createdBy: owner,
        now: clock.now(),
      });
      return id;
    },
    async account() {
      const account = { id: randomUUID(), username: word(), type: 'human', roles: [], passwordHash: 'none' } as const;
      await store.accounts.create({ account, actor: {}, now: clock.now() });
      return account.id;
    },
    identity: () => signedIn(server, word()),
    rule: async (fields = {}) => (await server.addRule({ enabled: false, ...fields })).id,
    async delegation() {
      const account = { accountId: randomUUID(), accountName: 'operator', pattern: `${word()}/**` };
      const delegation = { id: randomUUID(), ...account };
      await store.delegations.grant({ delegation, limit: 1, actor: {}, now: clock.now() });
      return delegation.id;
    },
    async tidy() {
      await store.uploads.reap({ touchedBefore: Number.MAX_SAFE_INTEGER, limit: 1_000, now: clock.now() });
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
  for (const place of places) await manifest(`${place}/app`);
  return world;
}
