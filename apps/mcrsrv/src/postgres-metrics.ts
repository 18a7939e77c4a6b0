import type { PostgresMetadataStore } from '@mcr/db';
import { Counter, Gauge, type Registry } from 'prom-client';
import { addScrapedGauge } from './scraped-gauge.ts';

/** What is measured of a database in PostgreSQL. */
export interface PostgresSources {
  readonly store: Pick<PostgresMetadataStore, 'figures' | 'clockOffset'>;
  /** Attempts that were made again, by the reason. */
  readonly retries: Readonly<Record<'conflict' | 'connection', number>>;
}

/** Adds the metrics of a database in PostgreSQL: the pool of this process, what it tried again, and its clock. */
export function addPostgresGauges(registry: Registry, { store, retries }: PostgresSources): void {
  const registers = [registry];
  new Gauge({
    name: 'registry_database_connections',
    help: 'Connections to PostgreSQL by state, and operations that wait for one',
    labelNames: ['state'],
    registers,
    collect() {
      const { open, idle, waiting } = store.figures();
      this.set({ state: 'busy' }, open - idle);
      this.set({ state: 'idle' }, idle);
      this.set({ state: 'waiting' }, waiting);
    },
  });
  new Counter({
    name: 'registry_database_retries_total',
    help: 'Transactions that were tried again, because they met another one or lost their connection',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(retries)) this.inc({ reason }, count);
    },
  });
  addScrapedGauge(registry, {
    name: 'registry_database_clock_offset_seconds',
    help: 'How far the clock of this machine is ahead of the one of PostgreSQL',
    read: async () => (await store.clockOffset()) / 1_000,
  });
}
