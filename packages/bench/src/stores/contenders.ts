import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createTestCa,
  type Replicas,
  type SharedStores,
  startRegistry,
  startReplicas,
  startSharedStores,
  type TestRegistry,
  tempDirectory,
} from '@mcr/testkit';
import type { Address } from '../connection.ts';
import { cpuSeconds } from '../cpu.ts';

/** MCR on some stores. */
export interface Contender extends AsyncDisposable {
  readonly name: string;
  readonly address: Address;
  /** The registry, where it is one process; the start of replicas is not measured. */
  readonly registry?: TestRegistry;
  /** PostgreSQL and S3, where it has them. */
  readonly stores?: SharedStores;
  /** CPU seconds so far of the registry, of all replicas together. Databases, S3 servers and haproxy do not count. */
  cpu(): Promise<number>;
}

/** What a registry has beside SQLite and a disk. */
export type Stores = 'SQLite + disk' | 'PostgreSQL + disk' | 'PostgreSQL + S3' | 'PostgreSQL + S3, redirects';

/** What is logged by all that are measured. */
export const logLevel = { MCR_LOG_LEVEL: 'info' };

/** Starts a registry of one process. S3 is reached over TLS unless told otherwise. */
export async function startContender(name: Stores, own: Readonly<Record<string, string>> = {}): Promise<Contender> {
  await using resources = new AsyncDisposableStack();
  const stores = name === 'SQLite + disk' ? undefined : resources.use(await startStores());
  const env = { ...logLevel, ...(stores && envFor(name, stores)), ...own };
  const registry = resources.use(await startRegistry({ env, logToFile: true }));
  const address = await addressOf(registry);
  const owned = resources.move();
  return {
    name,
    address,
    registry,
    ...(stores && { stores }),
    cpu: () => cpuSeconds(registry.pid),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Starts replicas on PostgreSQL and S3 behind haproxy, which hands out connections in turn. */
export async function startReplicaContender(count: number): Promise<Contender> {
  await using resources = new AsyncDisposableStack();
  const stores = resources.use(await startStores());
  const env = { ...logLevel, ...stores.env };
  const replicas: Replicas = resources.use(await startReplicas({ count, env }));
  const address = await addressOf(replicas);
  const owned = resources.move();
  return {
    name: count === 1 ? '1 replica' : `${count} replicas`,
    address,
    stores,
    async cpu() {
      const each = await Promise.all(replicas.replicas.map(({ pid }) => cpuSeconds(pid)));
      return each.reduce((sum, seconds) => sum + seconds, 0);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** PostgreSQL 15, and versitygw with a certificate that the registry's configuration trusts. */
async function startStores(): Promise<SharedStores> {
  await using resources = new AsyncDisposableStack();
  const { path } = resources.use(await tempDirectory('mcr-bench-s3-'));
  const [caPath, certPath, keyPath] = ['ca.crt', 's3.crt', 's3.key'].map((file) => join(path, file)) as [
    string,
    string,
    string,
  ];
  const ca = await createTestCa();
  const { certPem, keyPem } = await ca.issue();
  await writeFile(caPath, ca.caPem);
  await writeFile(certPath, certPem);
  await writeFile(keyPath, keyPem, { mode: 0o600 });
  const stores = resources.use(await startSharedStores({ tls: { certPath, keyPath } }));
  const owned = resources.move();
  return {
    ...stores,
    env: { ...stores.env, MCR_S3_CA_CERT: caPath },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function envFor(name: Stores, { env }: SharedStores): Readonly<Record<string, string>> {
  if (name === 'PostgreSQL + S3') return env;
  if (name === 'PostgreSQL + S3, redirects') return { ...env, MCR_S3_REDIRECT: 'true' };
  const ofDatabase = Object.entries(env).filter(([key]) => !/^(?:MCR_S3_|AWS_|MCR_STORAGE_)/.test(key));
  return { ...Object.fromEntries(ofDatabase), MCR_STORAGE_SHARED: 'true' };
}

async function addressOf(registry: Pick<TestRegistry, 'client' | 'baseUrl' | 'ca'>): Promise<Address> {
  const { token } = await registry.client().token();
  const { hostname, port } = new URL(registry.baseUrl);
  return { host: hostname, port: Number(port), ca: registry.ca, authorization: `Bearer ${token}` };
}
