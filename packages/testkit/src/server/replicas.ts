import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Balancer, startBalancer } from '../balancer.ts';
import { freePort } from '../free-port.ts';
import { createOciClient, type OciClient } from '../oci-client/client.ts';
import type { Credentials } from '../oci-client/token.ts';
import { type BackgroundProcess, type ProcessResult, run, runOk, startProcess } from '../processes.ts';
import { tempDirectory } from '../temp.ts';
import { defaultBundle } from './server.ts';

/** How to start replicas. */
export interface ReplicasOptions {
  readonly count: number;
  /** The built server; default: the workspace's own. */
  readonly bundle?: string;
  /** The configuration that they share, as `MCR_<SECTION>_<KEY>`: a database and a store that several servers can have. */
  readonly env: Readonly<Record<string, string>>;
}

/** One of the servers. */
export interface Replica {
  readonly baseUrl: string;
  readonly grpcUrl: string;
  readonly metricsUrl: string;
  readonly pid: number;
  /** Sends a signal (default: SIGKILL) and waits until the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again, from another bundle if one is given. Does not wait until it is ready. */
  start(bundle?: string): Promise<void>;
  /** Whether the process has not ended. */
  isRunning(): Promise<boolean>;
  isReady(): Promise<boolean>;
  /** What it printed since it last started. */
  log(): string;
}

/** Several servers that have database and store in common, behind a balancer. */
export interface Replicas extends AsyncDisposable {
  /** Through the balancer. */
  readonly baseUrl: string;
  readonly host: string;
  /** Of the first replica. */
  readonly grpcUrl: string;
  readonly ca: string;
  readonly caPath: string;
  readonly adminPassword: string;
  readonly configPath: string;
  readonly replicas: readonly Replica[];
  /** A client that goes through the balancer, by default as `admin`; disposed with the replicas. */
  client(credentials?: Credentials): OciClient;
  /** The same for one replica alone, counted from 0. */
  clientOf(replica: number, credentials?: Credentials): OciClient;
  /** Runs `mcrsrv` with the configuration of the replicas. */
  tryCli(args: readonly string[], input?: string): Promise<ProcessResult>;
}

const address = '127.0.0.1';
const readyWithinMs = 60_000;
const pollMs = 50;
const stopTimeoutMs = 70_000;

/** Sets up one configuration for all, starts the replicas and haproxy before them, and waits until all are ready. */
export async function startReplicas({ count, bundle = defaultBundle, env: own }: ReplicasOptions): Promise<Replicas> {
  await using resources = new AsyncDisposableStack();
  const { path: directory } = resources.use(await tempDirectory('mcr-replicas-'));
  const configPath = join(directory, 'mcr.toml');
  const signingKey = join(directory, 'signing-key.pem');
  await writeFile(signingKey, newSigningKey(), { mode: 0o600 });
  const env = { PATH: process.env['PATH'], TMPDIR: directory, MCR_AUTH_SIGNING_KEY_FILE: signingKey, ...own };
  const options = { env, cwd: directory };
  await runOk(process.execPath, [bundle, 'init', '--dir', directory, '--host', address], options);
  const caPath = join(directory, 'tls', 'ca.crt');
  const ca = await readFile(caPath, 'utf8');
  const adminPassword = (await readFile(join(directory, 'initial-admin-password'), 'utf8')).trim();

  const replicas: OwnReplica[] = [];
  for (let at = 0; at < count; at += 1) {
    const ports = [await freePort(), await freePort(), await freePort()] as const;
    replicas.push(resources.use(new OwnReplica({ bundle, configPath, ca, ports, env, cwd: directory })));
  }
  // The first one brings the schema up to date; the others must wait for that by themselves.
  await Promise.all(replicas.map((replica) => replica.start()));
  for (const replica of replicas) await replica.untilReady();
  const backends = replicas.map(({ ports: [port, , probePort] }) => ({ port, probePort }));
  const balancer: Balancer = resources.use(await startBalancer(backends));
  const host = `${address}:${balancer.port}`;
  const baseUrl = `https://${host}`;
  const admin = { username: 'admin', password: adminPassword };
  const owned = resources.move();
  return {
    baseUrl,
    host,
    grpcUrl: replicas[0]!.grpcUrl,
    ca,
    caPath,
    adminPassword,
    configPath,
    replicas,
    client: (credentials = admin) => owned.use(createOciClient({ baseUrl, ca, ...credentials })),
    clientOf: (replica, credentials = admin) =>
      owned.use(createOciClient({ baseUrl: replicas[replica]!.baseUrl, ca, ...credentials })),
    tryCli: (args, input = '') => run(process.execPath, [bundle, ...args], { ...options, input }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface ReplicaSetup {
  readonly bundle: string;
  readonly configPath: string;
  readonly ca: string;
  /** Of the registry, of gRPC, and of probes and metrics. */
  readonly ports: readonly [number, number, number];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

class OwnReplica implements Replica, AsyncDisposable {
  readonly ports: ReplicaSetup['ports'];
  readonly #setup: ReplicaSetup;
  #server: BackgroundProcess | undefined;

  constructor(setup: ReplicaSetup) {
    this.ports = setup.ports;
    this.#setup = setup;
  }

  get baseUrl(): string {
    return `https://${address}:${this.ports[0]}`;
  }

  get grpcUrl(): string {
    return `https://${address}:${this.ports[1]}`;
  }

  get metricsUrl(): string {
    return `http://${address}:${this.ports[2]}`;
  }

  get pid(): number {
    return this.#server?.pid ?? 0;
  }

  async start(bundle = this.#setup.bundle): Promise<void> {
    const { configPath, env, cwd } = this.#setup;
    const [port, grpcPort, metricsPort] = this.ports;
    const addresses = {
      MCR_SERVER_LISTEN_ADDR: `${address}:${port}`,
      MCR_SERVER_GRPC_ADDR: `${address}:${grpcPort}`,
      MCR_SERVER_METRICS_ADDR: `${address}:${metricsPort}`,
    };
    const command = [bundle, 'server', '--config', configPath];
    this.#server = await startProcess(process.execPath, command, { env: { ...env, ...addresses }, cwd });
  }

  async untilReady(): Promise<void> {
    for (const end = Date.now() + readyWithinMs; Date.now() < end; await sleep(pollMs)) {
      if (await this.isReady()) return;
    }
    throw new Error(`A replica is not ready:\n${this.log()}`);
  }

  async isRunning(): Promise<boolean> {
    const ended = this.#server?.exited.then(() => false) ?? false;
    return await Promise.race([ended, Promise.resolve().then(() => true)]);
  }

  async isReady(): Promise<boolean> {
    const response = await fetch(`${this.metricsUrl}/ready`).catch(() => undefined);
    return response?.status === 200;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.#server?.kill(signal);
    await this.#server?.exited;
  }

  log(): string {
    return this.#server?.output() ?? '';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.stop(stopTimeoutMs);
  }
}

/** The PEM of a new key that signs tokens. */
export function newSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' });
}
