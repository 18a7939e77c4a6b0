import { commit, version } from '@mcr/core';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds; from a manifest in memory to a layer over a slow connection. */
const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60];

/** The prefix of a program's metrics, and where to read the one gauge that every program has. */
export interface HttpMetricsOptions {
  /** Prefix of every name except those of the process and of Node, such as `registry`. */
  readonly prefix: string;
  /** Expiry of the certificate in use, milliseconds since the epoch; absent without one. */
  readonly certificateNotAfter?: () => number;
  /** Number of open streams of events; absent in a program without any. */
  readonly streams?: () => number;
}

/** A finished request. */
export interface HttpObservation {
  readonly method: string;
  /** Route template, or path of an RPC; absent if none matched. */
  readonly route: string | undefined;
  /** HTTP status, also of an RPC. */
  readonly status: number;
  /** As measured by `performance.now()`; absent for a stream, which lasts as long as its page. */
  readonly startedAt: number | undefined;
}

type RequestLabel = 'method' | 'route' | 'status';

/** Prometheus metrics of any program that serves HTTP: its requests, its process and its build. */
export class HttpMetrics {
  readonly registry = new Registry();
  /** Requests by their labels since Prometheus asked last: to find a counter by its labels costs several times what counting does. */
  readonly #requests = new Map<
    string,
    { readonly labels: Readonly<Record<RequestLabel, string | number>>; n: number }
  >();
  readonly #duration: Histogram<'method' | 'route'>;
  readonly #rejected: Counter<'listener' | 'reason'>;

  constructor({ prefix, certificateNotAfter, streams }: HttpMetricsOptions) {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
    const requests = this.#requests;
    new Counter<RequestLabel>({
      name: `${prefix}_http_requests_total`,
      help: 'Requests by method, route template and status',
      labelNames: ['method', 'route', 'status'],
      registers,
      collect() {
        for (const counted of requests.values()) {
          this.inc(counted.labels, counted.n);
          counted.n = 0;
        }
      },
    });
    this.#duration = new Histogram({
      name: `${prefix}_http_request_duration_seconds`,
      help: 'Time from the headers of a request to the end of its response',
      labelNames: ['method', 'route'],
      buckets: durationBuckets,
      registers,
    });
    this.#rejected = new Counter({
      name: `${prefix}_connections_rejected_total`,
      help: 'Connections rejected because of a limit, by listener and reason',
      labelNames: ['listener', 'reason'],
      registers,
    });
    const build = new Gauge({
      name: `${prefix}_build_info`,
      help: 'Version and commit of this build',
      aggregator: 'first',
      labelNames: ['version', 'commit'],
      registers,
    });
    build.set({ version, commit: commit ?? '' }, 1);
    if (streams !== undefined) {
      new Gauge({
        name: `${prefix}_event_streams`,
        help: 'Open streams that tell pages what is new',
        registers,
        collect() {
          this.set(streams());
        },
      });
    }
    if (certificateNotAfter === undefined) return;
    new Gauge({
      name: `${prefix}_tls_certificate_not_after_seconds`,
      help: 'Expiry of the certificate in use, in seconds since the epoch',
      aggregator: 'min',
      registers,
      collect() {
        this.set(certificateNotAfter() / 1_000);
      },
    });
  }

  /** Counts a connection that was rejected because of a limit. */
  rejectConnection(listener: string, reason: string): void {
    this.#rejected.inc({ listener, reason });
  }

  /** Counts a finished request. */
  observe({ method, route = 'none', status, startedAt }: HttpObservation): void {
    const key = `${method} ${route} ${status}`;
    const counted = this.#requests.get(key);
    if (counted === undefined) this.#requests.set(key, { labels: { method, route, status }, n: 1 });
    else counted.n += 1;
    if (startedAt === undefined) return;
    this.#duration.observe({ method, route }, (performance.now() - startedAt) / 1_000);
  }
}
