import { Gauge, type Registry } from 'prom-client';

/** A gauge that is read at each scrape. */
export interface ScrapedGauge {
  readonly name: string;
  readonly help: string;
  /** What all workers have in common is read by one of them (`first`, the default). */
  readonly aggregator?: 'first' | 'min';
  /** The label by which the values are told apart; without it there is one value. */
  readonly label?: string;
  /** The value, or one for each value of the label. */
  readonly read: () => Promise<number | Readonly<Record<string, number>>>;
}

/** Adds a gauge. What cannot be read, as while the database is away, is left out, and the scrape has everything else. */
export function addScrapedGauge(
  registry: Registry,
  { label, read, aggregator = 'first', ...names }: ScrapedGauge,
): void {
  new Gauge({
    ...names,
    aggregator,
    labelNames: label === undefined ? [] : [label],
    registers: [registry],
    async collect() {
      const value = await read().catch(() => undefined);
      this.reset();
      // A gauge without labels is 0 after a reset.
      if (label === undefined) this.remove();
      if (typeof value === 'number') this.set(value);
      else if (label !== undefined)
        for (const [of, figure] of Object.entries(value ?? {})) this.set({ [label]: of }, figure);
    },
  });
}
