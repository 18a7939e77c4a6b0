import { commit, version } from '@mcr/core';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds; wide enough for a manifest from memory and a layer over a slow line. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60];

/** What a program's metrics are called, and where the figure comes from that every program has. */
export interface HttpMetricsOptions {
  /** Begins each name but those of the process and of Node, such as `registry`. */
  readonly prefix: string;
  /** When the certificate in use ends, milliseconds since the epoch; absent where there is none. */
  readonly certificateNotAfter?: () => number;
}

/** A request that has ended. */
export interface HttpObservation {
  readonly method: string;
  /** Route template, or path of an RPC; absent where there was none. */
  readonly route: string | undefined;
  /** HTTP status, also of an RPC. */
  readonly status: number;
  /** By the clock of `performance.now()`. */
  readonly startedAt: number;
}

/** The Prometheus metrics of any program that serves HTTP, of its process and of its build. */
export class HttpMetrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'method' | 'route' | 'status'>;
  readonly #duration: Histogram<'method' | 'route'>;
  readonly #rejected: Counter<'listener' | 'reason'>;

  constructor({ prefix, certificateNotAfter }: HttpMetricsOptions) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    this.#requests = new Counter({
      name: `${prefix}_http_requests_total`,
      help: 'Requests by method, route template and status',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#duration = new Histogram({
      name: `${prefix}_http_request_duration_seconds`,
      help: 'Time from the headers of a request to the end of its answer',
      labelNames: ['method', 'route'],
      buckets: durationBuckets,
      registers,
    });
    this.#rejected = new Counter({
      name: `${prefix}_connections_rejected_total`,
      help: 'Connections that were closed for a limit, by listener and reason',
      labelNames: ['listener', 'reason'],
      registers,
    });
    const build = new Gauge({
      name: `${prefix}_build_info`,
      help: 'Version and commit of this build',
      labelNames: ['version', 'commit'],
      registers,
    });
    build.set({ version, commit: commit ?? '' }, 1);
    if (certificateNotAfter === undefined) return;
    new Gauge({
      name: `${prefix}_tls_certificate_not_after_seconds`,
      help: 'When the certificate in use ends, in seconds since the epoch',
      registers,
      collect() {
        this.set(certificateNotAfter() / 1_000);
      },
    });
  }

  /** Counts a connection that was closed for a limit. */
  rejectConnection(listener: string, reason: string): void {
    this.#rejected.inc({ listener, reason });
  }

  /** Counts a request that has ended. */
  observe({ method, route = 'none', status, startedAt }: HttpObservation): void {
    this.#requests.inc({ method, route, status });
    this.#duration.observe({ method, route }, (performance.now() - startedAt) / 1_000);
  }
}
