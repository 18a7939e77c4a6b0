import { HttpMetrics, type HttpObservation } from '@mcr/server-kit/metrics';
import { Counter, Gauge, type Registry } from 'prom-client';
import { addPostgresGauges, type PostgresSources } from './postgres-metrics.ts';
import { addS3Metrics, type S3Sources } from './s3-metrics.ts';

/** Figures that are read at each scrape. */
export interface MetricSources {
  readonly statistics: () => Promise<
    Readonly<Record<'repositories' | 'manifests' | 'tags' | 'blobs' | 'blobBytes' | 'uploads', number>>
  >;
  /** How many blobs are out of service because their bytes are damaged. */
  readonly quarantined: () => Promise<number>;
  /** How many manifests are out of service because their content is damaged. */
  readonly quarantinedManifests: () => Promise<number>;
  /** Of blobs in directories. */
  readonly freeBytes?: () => Promise<number>;
  /** Of blobs in a bucket. */
  readonly s3?: S3Sources;
  /** Of a database in a file. */
  readonly databaseFreeBytes?: () => Promise<number>;
  readonly databaseLogBytes?: () => Promise<number>;
  /** Of a database in PostgreSQL. */
  readonly postgres?: PostgresSources;
  /** Milliseconds since the epoch. */
  readonly certificateNotAfter: () => number;
  /** How many access tokens there are; those that expire within a week are also among the valid ones. */
  readonly tokens: () => Promise<Readonly<Record<'valid' | 'expiring' | 'expired', number>>>;
  /** Whether the identity service responds; absent where accounts are local. */
  readonly identityUp?: (() => Promise<boolean>) | undefined;
}

/** What is counted of a request. */
export interface Observation extends HttpObservation {
  /** It carried no credentials: 401 is how clients learn to send some, and no failure. */
  readonly challenged: boolean;
  /** Body bytes as announced; 0 where they were not. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The registry's Prometheus metrics. Labels hold route templates, never repositories or accounts. */
export class Metrics extends HttpMetrics {
  readonly #bytes: Counter<'direction'>;
  readonly #denials: Counter;
  readonly #authFailures: Counter;

  constructor(sources: MetricSources) {
    super({ prefix: 'registry', certificateNotAfter: sources.certificateNotAfter });
    const registers = [this.registry];
    this.#bytes = new Counter({
      name: 'registry_http_bytes_total',
      help: 'Body bytes received and sent',
      labelNames: ['direction'],
      registers,
    });
    this.#denials = new Counter({
      name: 'registry_policy_denials_total',
      help: 'Requests rejected with 403',
      registers,
    });
    this.#authFailures = new Counter({
      name: 'registry_auth_failures_total',
      help: 'Requests whose credentials were rejected',
      registers,
    });
    addGauges(this.registry, sources);
    if (sources.postgres !== undefined) addPostgresGauges(this.registry, sources.postgres);
    if (sources.s3 !== undefined) addS3Metrics(this.registry, sources.s3);
  }

  /** Counts a request or an RPC that has ended. */
  override observe(observation: Observation): void {
    super.observe(observation);
    const { status, challenged, bytesIn, bytesOut } = observation;
    this.#bytes.inc({ direction: 'in' }, bytesIn);
    this.#bytes.inc({ direction: 'out' }, bytesOut);
    if (status === 403) this.#denials.inc();
    if (status === 401 && !challenged) this.#authFailures.inc();
  }
}

function addGauges(registry: Registry, sources: MetricSources): void {
  const { statistics, quarantined, quarantinedManifests } = sources;
  const { freeBytes, databaseFreeBytes, databaseLogBytes } = sources;
  const registers = [registry];
  if (sources.identityUp !== undefined) addIdentityGauge(registry, sources.identityUp);
  // All workers share the database and the disk.
  const aggregator = 'first';
  new Gauge({
    name: 'registry_objects',
    aggregator,
    help: 'Stored objects by kind',
    labelNames: ['kind'],
    registers,
    async collect() {
      const { blobBytes: _, ...counts } = await statistics();
      for (const [kind, count] of Object.entries(counts)) this.set({ kind }, count);
    },
  });
  new Gauge({
    name: 'registry_access_tokens',
    aggregator,
    help: 'Access tokens by state; those that expire within a week are also among the valid ones',
    labelNames: ['state'],
    registers,
    async collect() {
      for (const [state, count] of Object.entries(await sources.tokens())) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'registry_blob_bytes',
    aggregator,
    help: 'Bytes of all blobs, each counted once',
    registers,
    async collect() {
      this.set((await statistics()).blobBytes);
    },
  });
  new Gauge({
    name: 'registry_quarantined_blobs',
    aggregator,
    help: 'Blobs that are out of service because their bytes are damaged',
    registers,
    async collect() {
      this.set(await quarantined());
    },
  });
  new Gauge({
    name: 'registry_quarantined_manifests',
    aggregator,
    help: 'Manifests that are out of service because their content is damaged',
    registers,
    async collect() {
      this.set(await quarantinedManifests());
    },
  });
  if (freeBytes !== undefined) {
    new Gauge({
      name: 'registry_disk_free_bytes',
      aggregator,
      help: 'Bytes that are free where blobs are stored',
      registers,
      async collect() {
        this.set(await freeBytes());
      },
    });
  }
  if (databaseFreeBytes === undefined || databaseLogBytes === undefined) return;
  new Gauge({
    name: 'registry_database_disk_free_bytes',
    aggregator,
    help: 'Bytes that are free where the database is stored',
    registers,
    async collect() {
      this.set(await databaseFreeBytes());
    },
  });
  new Gauge({
    name: 'registry_database_log_bytes',
    aggregator,
    help: 'Size of the write-ahead log of the database',
    registers,
    async collect() {
      this.set(await databaseLogBytes());
    },
  });
}

function addIdentityGauge(registry: Registry, isUp: () => Promise<boolean>): void {
  new Gauge({
    name: 'registry_identity_up',
    // A worker that gets no response is enough to look into.
    aggregator: 'min',
    help: 'Whether the identity service responds; without it logins fail',
    registers: [registry],
    async collect() {
      this.set((await isUp()) ? 1 : 0);
    },
  });
}
