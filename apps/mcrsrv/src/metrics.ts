import { HttpMetrics, type HttpObservation } from '@mcr/server-kit/metrics';
import { Counter, type Registry } from 'prom-client';
import { addPostgresGauges, type PostgresSources } from './postgres-metrics.ts';
import { addS3Metrics, type S3Sources } from './s3-metrics.ts';
import { addScrapedGauge, type ScrapedGauge } from './scraped-gauge.ts';

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
  /** Since Prometheus asked last, as in {@link HttpMetrics}. */
  readonly #bytes = { in: 0, out: 0 };
  readonly #denials: Counter;
  readonly #authFailures: Counter;

  constructor(sources: MetricSources) {
    super({ prefix: 'registry', certificateNotAfter: sources.certificateNotAfter });
    const registers = [this.registry];
    const bytes = this.#bytes;
    new Counter<'direction'>({
      name: 'registry_http_bytes_total',
      help: 'Body bytes received and sent',
      labelNames: ['direction'],
      registers,
      collect() {
        this.inc({ direction: 'in' }, bytes.in);
        this.inc({ direction: 'out' }, bytes.out);
        Object.assign(bytes, { in: 0, out: 0 });
      },
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
    this.#bytes.in += bytesIn;
    this.#bytes.out += bytesOut;
    if (status === 403) this.#denials.inc();
    if (status === 401 && !challenged) this.#authFailures.inc();
  }
}

function addGauges(registry: Registry, sources: MetricSources): void {
  const { statistics, quarantined, quarantinedManifests, tokens } = sources;
  const { freeBytes, databaseFreeBytes, databaseLogBytes, identityUp } = sources;
  const add = (gauge: ScrapedGauge) => addScrapedGauge(registry, gauge);
  if (identityUp !== undefined) {
    add({
      name: 'registry_identity_up',
      // A worker that gets no response is enough to look into.
      aggregator: 'min',
      help: 'Whether the identity service responds; without it logins fail',
      read: async () => ((await identityUp()) ? 1 : 0),
    });
  }
  add({
    name: 'registry_objects',
    help: 'Stored objects by kind',
    label: 'kind',
    async read() {
      const { blobBytes: _, ...counts } = await statistics();
      return counts;
    },
  });
  add({
    name: 'registry_access_tokens',
    help: 'Access tokens by state; those that expire within a week are also among the valid ones',
    label: 'state',
    read: tokens,
  });
  add({
    name: 'registry_blob_bytes',
    help: 'Bytes of all blobs, each counted once',
    read: async () => (await statistics()).blobBytes,
  });
  add({
    name: 'registry_quarantined_blobs',
    help: 'Blobs that are out of service because their bytes are damaged',
    read: quarantined,
  });
  add({
    name: 'registry_quarantined_manifests',
    help: 'Manifests that are out of service because their content is damaged',
    read: quarantinedManifests,
  });
  if (freeBytes !== undefined) {
    const help = 'Bytes that are free where blobs are stored';
    add({ name: 'registry_disk_free_bytes', help, read: freeBytes });
  }
  if (databaseFreeBytes === undefined || databaseLogBytes === undefined) return;
  add({
    name: 'registry_database_disk_free_bytes',
    help: 'Bytes that are free where the database is stored',
    read: databaseFreeBytes,
  });
  add({
    name: 'registry_database_log_bytes',
    help: 'Size of the write-ahead log of the database',
    read: databaseLogBytes,
  });
}
