import type { Readiness } from '@mcr/server-kit';
import { HttpMetrics } from '@mcr/server-kit/metrics';
import { Counter, Gauge } from 'prom-client';
import { figuresOf } from './figures.ts';
import type { MetricFigures } from './messages.ts';
import { MetricSum } from './metric-sum.ts';
import type { WorkerPool } from './pool.ts';
import type { WorkerProcess } from './worker-process.ts';

/** Milliseconds that a worker has for its response; a scraper waits for 10 s by default. */
const responseMs = 3_000;
/** As long as the checks of a worker may take. */
const readinessMs = 5_000;

/** The metrics and the readiness of all workers, as one process would tell them. */
export class WorkerMetrics extends HttpMetrics {
  readonly #sum = new MetricSum();
  readonly #pool: () => WorkerPool;
  readonly #workers: Gauge<'state'>;

  /** `pool` is asked for each time. */
  constructor(pool: () => WorkerPool) {
    super({ prefix: 'registry' });
    this.#pool = pool;
    const registers = [this.registry];
    this.#workers = new Gauge({
      name: 'registry_workers',
      help: 'Processes that serve requests, by whether they responded to this scrape',
      labelNames: ['state'],
      registers,
    });
    new Counter({
      name: 'registry_worker_restarts_total',
      help: 'Workers that ended by themselves and were replaced',
      registers,
      collect() {
        this.reset();
        this.inc(pool().restarts);
      },
    });
  }

  /** Takes figures that a worker tells before its end. */
  update(worker: WorkerProcess, figures: readonly MetricFigures[]): void {
    this.#sum.update(worker, worker.number, figures);
  }

  /** Keeps what a worker that has ended had counted. */
  end(worker: WorkerProcess): void {
    this.#sum.end(worker);
  }

  /** The text of a scrape. A worker that does not respond in time counts as it did in the scrape before. */
  async text(): Promise<string> {
    const serving = this.#pool().processes.filter((worker) => worker.isListening);
    const responses = await Promise.all(
      serving.map(async (worker, at) => {
        const figures = await worker.ask('metrics', responseMs, at === 0);
        if (figures !== undefined && worker.isListening) this.update(worker, figures);
        return figures !== undefined;
      }),
    );
    const responding = responses.filter(Boolean).length;
    this.#workers.set({ state: 'responding' }, responding);
    this.#workers.set({ state: 'silent' }, serving.length - responding);
    return await this.#sum.text(await figuresOf(this.registry, true));
  }

  /** Whether one worker at least can do its work, which is then given more of it than the others. */
  async readiness(): Promise<Readiness> {
    const responses = await Promise.all(
      this.#pool()
        .processes.filter((worker) => worker.isListening)
        .map((worker) => worker.ask('readiness', readinessMs)),
    );
    const found = responses.filter((response) => response !== undefined);
    return found.find(({ ready }) => ready) ?? found[0] ?? { ready: false, checks: { workers: 'failed' } };
  }
}
