import { commit, version } from '@mcr/core';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds; wide enough for a manifest from memory and a layer over a slow line. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60];

/** Figures that are read when somebody asks for the metrics. */
export interface MetricSources {
  readonly statistics: () => Promise<
    Readonly<Record<'repositories' | 'manifests' | 'tags' | 'blobs' | 'blobBytes' | 'uploads', number>>
  >;
  /** How many blobs are out of service because their bytes are damaged. */
  readonly quarantined: () => Promise<number>;
  /** How many manifests are out of service because their content is damaged. */
  readonly quarantinedManifests: () => Promise<number>;
  readonly freeBytes: () => Promise<number>;
  readonly databaseFreeBytes: () => Promise<number>;
  readonly databaseLogBytes: () => Promise<number>;
  /** Milliseconds since the epoch. */
  readonly certificateNotAfter: () => number;
}

/** What is counted of a request. */
export interface Observation {
  readonly method: string;
  /** Route template, or path of an RPC; absent where there was none. */
  readonly route: string | undefined;
  /** HTTP status, also of an RPC. */
  readonly status: number;
  /** It carried no credentials: 401 is how clients learn to send some, and no failure. */
  readonly challenged: boolean;
  /** By the clock of `performance.now()`. */
  readonly startedAt: number;
  /** Body bytes as announced; 0 where they were not. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The registry's Prometheus metrics. Labels hold route templates, never repositories or accounts. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'method' | 'route' | 'status'>;
  readonly #duration: Histogram<'method' | 'route'>;
  readonly #bytes: Counter<'direction'>;
  readonly #denials: Counter;
  readonly #authFailures: Counter;
  readonly #rejected: Counter<'listener' | 'reason'>;

  constructor(sources: MetricSources) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Counter({
      name: 'registry_http_requests_total',
      help: 'Requests by method, route template and status',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#duration = new Histogram({
      name: 'registry_http_request_duration_seconds',
      help: 'Time from the headers of a request to the end of its answer',
      labelNames: ['method', 'route'],
      buckets: durationBuckets,
      registers,
    });
    this.#bytes = new Counter({
      name: 'registry_http_bytes_total',
      help: 'Body bytes received and sent',
      labelNames: ['direction'],
      registers,
    });
    this.#denials = new Counter({
      name: 'registry_policy_denials_total',
      help: 'Requests answered with 403',
      registers,
    });
    this.#authFailures = new Counter({
      name: 'registry_auth_failures_total',
      help: 'Requests whose credentials were rejected',
      registers,
    });
    this.#rejected = new Counter({
      name: 'registry_connections_rejected_total',
      help: 'Connections that were closed for a limit, by listener and reason',
      labelNames: ['listener', 'reason'],
      registers,
    });
    addGauges(this.registry, sources);
  }

  /** Counts a connection that was closed for a limit. */
  rejectConnection(listener: string, reason: string): void {
    this.#rejected.inc({ listener, reason });
  }

  /** Counts a request or an RPC that has ended. */
  observe({ method, route = 'none', status, challenged, startedAt, bytesIn, bytesOut }: Observation): void {
    this.#requests.inc({ method, route, status });
    this.#duration.observe({ method, route }, (performance.now() - startedAt) / 1_000);
    this.#bytes.inc({ direction: 'in' }, bytesIn);
    this.#bytes.inc({ direction: 'out' }, bytesOut);
    if (status === 403) this.#denials.inc();
    if (status === 401 && !challenged) this.#authFailures.inc();
  }
}

function addGauges(registry: Registry, sources: MetricSources): void {
  const { statistics, quarantined, quarantinedManifests, certificateNotAfter } = sources;
  const { freeBytes, databaseFreeBytes, databaseLogBytes } = sources;
  const registers = [registry];
  const build = new Gauge({
    name: 'registry_build_info',
    help: 'Version and commit of this build',
    labelNames: ['version', 'commit'],
    registers,
  });
  build.set({ version, commit: commit ?? '' }, 1);
  new Gauge({
    name: 'registry_objects',
    help: 'Stored objects by kind',
    labelNames: ['kind'],
    registers,
    async collect() {
      const { blobBytes: _, ...counts } = await statistics();
      for (const [kind, count] of Object.entries(counts)) this.set({ kind }, count);
    },
  });
  new Gauge({
    name: 'registry_blob_bytes',
    help: 'Bytes of all blobs, each counted once',
    registers,
    async collect() {
      this.set((await statistics()).blobBytes);
    },
  });
  new Gauge({
    name: 'registry_quarantined_blobs',
    help: 'Blobs that are out of service because their bytes are damaged',
    registers,
    async collect() {
      this.set(await quarantined());
    },
  });
  new Gauge({
    name: 'registry_quarantined_manifests',
    help: 'Manifests that are out of service because their content is damaged',
    registers,
    async collect() {
      this.set(await quarantinedManifests());
    },
  });
  new Gauge({
    name: 'registry_disk_free_bytes',
    help: 'Bytes that are free where blobs are stored',
    registers,
    async collect() {
      this.set(await freeBytes());
    },
  });
  new Gauge({
    name: 'registry_database_disk_free_bytes',
    help: 'Bytes that are free where the database is stored',
    registers,
    async collect() {
      this.set(await databaseFreeBytes());
    },
  });
  new Gauge({
    name: 'registry_database_log_bytes',
    help: 'Size of the write-ahead log of the database',
    registers,
    async collect() {
      this.set(await databaseLogBytes());
    },
  });
  new Gauge({
    name: 'registry_tls_certificate_not_after_seconds',
    help: 'When the certificate in use ends, in seconds since the epoch',
    registers,
    collect() {
      this.set(certificateNotAfter() / 1_000);
    },
  });
}
