import type { Registry } from 'prom-client';
import type { MetricFigures } from './messages.ts';

/** What all workers share is read by one of them; its metrics are those of which a sum takes the first. */
const ofAll = 'first';

/** The figures of a process, with or without those of what all workers share. */
export async function figuresOf(registry: Registry, shared: boolean): Promise<MetricFigures[]> {
  const wanted = registry.getMetricsAsArray().filter(({ aggregator }) => shared || aggregator !== ofAll);
  return await Promise.all(wanted.map(({ name }) => registry.getSingleMetric(name)!.get()));
}
