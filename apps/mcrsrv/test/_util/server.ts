import { randomUUID } from 'node:crypto';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashPassword } from '@mcr/auth';
import { type Config, loadConfig } from '@mcr/config';
import type { AccountType, AuditEventType } from '@mcr/core';
import type { NewPolicyRule, StoredAuditEvent, StoredPolicyRule } from '@mcr/db';
import { createLogger } from '@mcr/server-kit/logger';
import { type Credentials, createOciClient, createTestCa, type OciClient, tempDirectory } from '@mcr/testkit';
import { type AppContext, createContext, type Overrides } from '../../src/context.ts';
import { createServer } from '../../src/server.ts';
import { alternate } from './alternate.ts';
import { assertNoLeaks } from './leaks.ts';
import { onTestStores } from './stores.ts';

/** A registry in this process: real TLS, real database, real files, local accounts unless the environment says else. */
export interface TestServer extends AsyncDisposable {
  readonly baseUrl: string;
  readonly port: number;
  /** Port of the metrics; 0 when they are off. */
  readonly metricsPort: number;
  /** Port of the RPCs; 0 when they are off. */
  readonly grpcPort: number;
  /** PEM of the CA to trust. */
  readonly ca: string;
  readonly directory: string;
  readonly context: AppContext;
  /** A client with the account `admin`. */
  readonly admin: OciClient;
  /** Every line that was logged so far. */
  readonly logLines: string[];
  /** Adds a local account and gives its UUID. */
  addAccount(username: string, options?: AccountOptions): Promise<string>;
  /** A client with the account's name and the common password, or with other credentials; closed with the server. */
  client(who?: string | Credentials): OciClient;
  /** Stores a policy rule; fields that are not told match everything, and the effect is `allow`. */
  addRule(rule: Partial<NewPolicyRule>): Promise<StoredPolicyRule>;
  /** The audit log, newest first, with everything in it that was queued so far. */
  audit(type?: AuditEventType): Promise<readonly StoredAuditEvent[]>;
  /** Writes the events that are queued to the audit log. */
  flushAudit(): Promise<void>;
  /** Waits for the end of garbage collections. */
  collected(): Promise<void>;
}

export interface AccountOptions {
  readonly type?: AccountType;
  readonly roles?: string[];
  readonly password?: string;
}

/** Password of `admin` and of every account that names no other. */
export const testPassword = 'correct horse battery staple';

export interface TestServerOptions {
  readonly overrides?: Overrides;
  /** Makes more of them from the configuration. */
  readonly open?: (config: Config) => Promise<Overrides>;
  /** Keys of the configuration by `MCR_*` name. */
  readonly env?: Record<string, string>;
  /** Sections of the configuration that variables cannot set, in TOML. */
  readonly toml?: string;
  /** Where everything lies, to start a second server on it; a new directory that goes with the server when absent. */
  readonly directory?: string;
  /**
   * Makes what a second server has of its own that shares everything with the first, as another worker does. Connections go to
   * both in turn; `context` is the first one's.
   */
  readonly twin?: (config: Config) => Promise<Overrides>;
}

/**
 * Boots a registry with the account `admin` on free ports. Disposing it throws when anything that it has written holds a
 * password or a token.
 */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  await using cleanup = new AsyncDisposableStack();
  const directory = options.directory ?? cleanup.use(await tempDirectory()).path;
  const ca = await setUp(directory);
  const path = join(directory, 'mcr.toml');
  const text = `${await readFile(path, 'utf8')}\n${options.toml ?? ''}`;
  const config = loadConfig({ path, text, env: options.env ?? {} });
  const logLines: string[] = [];
  const accounts = new Map<string, string>();
  let metrics = '';
  cleanup.defer(() => assertNoLeaks({ directory, logLines, metrics, accounts }));
  const log = createLogger('debug', { write: (line) => logLines.push(line) });
  const context = cleanup.use(
    await createContext(config, { log, ...(await options.open?.(config)), ...options.overrides }),
  );
  // A database that a test has broken has no figures.
  cleanup.defer(async () => {
    metrics = await context.metrics.registry.metrics().catch(() => '');
  });
  const server = cleanup.use(await createServer(context));
  const contexts = [context];
  let [port, grpcPort] = [server.address.port, server.grpcAddress?.port ?? 0];
  if (options.twin !== undefined) {
    const twinContext = cleanup.use(await createContext(config, { log, ...(await options.twin(config)) }));
    const twin = cleanup.use(await createServer(twinContext));
    contexts.push(twinContext);
    port = cleanup.use(await alternate([port, twin.address.port])).port;
    if (grpcPort !== 0) grpcPort = cleanup.use(await alternate([grpcPort, twin.grpcAddress?.port ?? 0])).port;
  }
  const clients = cleanup.use(new AsyncDisposableStack());
  const { store, clock } = context.services;
  const baseUrl = `https://localhost:${port}`;
  const flushAudit = async (): Promise<void> => {
    for (const { services } of contexts) await services.audit.flush();
  };

  const client: TestServer['client'] = (who = 'admin') => {
    const credentials = typeof who === 'string' ? { username: who, password: testPassword } : who;
    return clients.use(createOciClient({ baseUrl, ca, ...credentials }));
  };

  const started: Omit<TestServer, typeof Symbol.asyncDispose> = {
    baseUrl,
    port,
    metricsPort: server.metricsAddress?.port ?? 0,
    grpcPort,
    ca,
    directory,
    context,
    logLines,
    async addAccount(username, { type = 'human', roles = [], password = testPassword } = {}) {
      const account = { id: randomUUID(), username, type, roles, passwordHash: await hashPassword(password) };
      accounts.set(username, password);
      await store.accounts.create({ account, actor: {}, now: clock.now() });
      return account.id;
    },
    client,
    admin: client(),
    addRule: (rule) => store.policy.createRule({ rule: { ...openRule, ...rule }, actor: {}, now: clock.now() }),
    flushAudit,
    async collected() {
      for (const { services } of contexts) await services.collector.finished();
    },
    async audit(type) {
      await flushAudit();
      return await store.audit.list({ limit: 1_000, ...(type !== undefined && { type }) });
    },
  };
  const isNew = (await store.accounts.list({ limit: 1 })).length === 0;
  if (config.auth.provider === 'local' && isNew) await started.addAccount('admin', { roles: ['admin'] });
  const owned = cleanup.move();
  return { ...started, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const openRule: NewPolicyRule = {
  priority: 10,
  description: 'test',
  effect: 'allow',
  roles: [],
  accountTypes: [],
  actions: [],
  repositories: [],
  enabled: true,
};

/** Makes certificates and a configuration unless a server had them made before; gives the CA's PEM. */
async function setUp(directory: string): Promise<string> {
  const tls = join(directory, 'tls');
  const isThere = await access(tls).then(
    () => true,
    () => false,
  );
  if (isThere) return await readFile(join(tls, 'ca.crt'), 'utf8');
  const ca = await createTestCa();
  const { certPem, keyPem } = await ca.issue();
  await mkdir(tls);
  await writeFile(join(tls, 'ca.crt'), ca.caPem);
  await writeFile(join(tls, 'server.crt'), certPem);
  await writeFile(join(tls, 'server.key'), keyPem, { mode: 0o600 });
  await writeFile(join(directory, 'mcr.toml'), await onTestStores(configuration, directory));
  return ca.caPem;
}

const configuration = `[server]
listen_addr = "127.0.0.1:0"
tls_cert = "tls/server.crt"
tls_key = "tls/server.key"
shutdown_timeout = "5s"

[database]
path = "mcr.db"

[storage]
layers_path = "layers"
uploads_path = "uploads"

[auth]
provider = "local"

[gc]
interval = "0"
`;
