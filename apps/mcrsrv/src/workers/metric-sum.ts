import { AggregatorRegistry } from 'prom-client';
import type { MetricFigures } from './messages.ts';

/** Metrics of a single process, which would mean nothing when they are added up. */
const ofProcess = /^(?:process|nodejs)_/;

/** The process that forks the workers has this number. */
export const primaryNumber = 0;

/**
 * The metrics of all workers as one process would have them. Counters never go back: those of workers that have ended
 * are kept, and a worker that does not respond counts as it did last.
 */
export class MetricSum {
  /** By worker process, in the order of their starts. */
  readonly #last = new Map<object, readonly MetricFigures[]>();
  #ended: readonly MetricFigures[] = [];

  /** Takes the figures of a worker; those of what all share stay as they were if it did not tell them. */
  update(worker: object, number: number, figures: readonly MetricFigures[]): void {
    this.#last.set(worker, labelled(number, figures));
  }

  /** Keeps what a worker has counted, and forgets the rest of it. */
  end(worker: object): void {
    const counted = this.#last.get(worker)?.filter(isCount) ?? [];
    this.#last.delete(worker);
    // Metrics of a sum have their values, which the type does not say.
    const sum: readonly unknown[] = AggregatorRegistry.aggregate([this.#ended, counted]).getMetricsAsArray();
    this.#ended = sum as readonly MetricFigures[];
  }

  /** The text of a scrape, with the figures of the primary. */
  async text(primary: readonly MetricFigures[]): Promise<string> {
    const all = [...this.#last.values(), labelled(primaryNumber, primary), this.#ended];
    return await AggregatorRegistry.aggregate(all).metrics();
  }
}

function isCount({ name, type }: MetricFigures): boolean {
  return !ofProcess.test(name) && (String(type) === 'counter' || String(type) === 'histogram');
}

/** What is about a process says which. */
function labelled(number: number, figures: readonly MetricFigures[]): readonly MetricFigures[] {
  return figures.map((metric) => {
    if (!ofProcess.test(metric.name)) return metric;
    const values = metric.values.map((value) => ({ ...value, labels: { ...value.labels, worker: String(number) } }));
    return { ...metric, values, aggregator: 'first' };
  });
}
