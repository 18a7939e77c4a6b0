import type { S3Figures } from '@mcr/storage';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { SweepFigures } from './services/gc/sweep-objects.ts';

/** What this process has done with a bucket. */
export interface S3Sources {
  readonly figures: S3Figures;
  /** Whether transfers are rejected for the moment. */
  readonly isBroken: () => boolean;
  readonly swept: SweepFigures;
}

/** Adds the metrics of a bucket, which are read at each scrape. Several processes add up. */
export function addS3Metrics(registry: Registry, { figures, isBroken, swept }: S3Sources): void {
  const registers = [registry];
  new Counter({
    name: 'registry_s3_calls_total',
    help: 'Attempts of S3 calls by operation and outcome: ok, rejected by the server, or failed',
    labelNames: ['operation', 'outcome'],
    registers,
    collect() {
      this.reset();
      for (const { operation, outcome, count } of figures.calls) this.inc({ operation, outcome }, count);
    },
  });
  new Counter({
    name: 'registry_s3_retries_total',
    help: 'S3 calls that were tried again, by operation',
    labelNames: ['operation'],
    registers,
    collect() {
      this.reset();
      for (const { operation, count } of figures.retries) this.inc({ operation }, count);
    },
  });
  new Counter({
    name: 'registry_s3_bytes_total',
    help: 'Body bytes sent to and received from S3',
    labelNames: ['direction'],
    registers,
    collect() {
      this.reset();
      this.inc({ direction: 'sent' }, figures.bytesSent);
      this.inc({ direction: 'received' }, figures.bytesReceived);
    },
  });
  new Gauge({
    name: 'registry_s3_breaker_open',
    help: 'Processes that reject transfers for the moment, since S3 has failed too often',
    registers,
    collect() {
      this.set(isBroken() ? 1 : 0);
    },
  });
  new Counter({
    name: 'registry_s3_swept_total',
    help: 'What sweeps have found that no row knew: objects, their bytes, and unfinished multipart uploads',
    labelNames: ['kind'],
    registers,
    collect() {
      this.reset();
      for (const [kind, count] of Object.entries(swept)) this.inc({ kind }, count);
    },
  });
}
