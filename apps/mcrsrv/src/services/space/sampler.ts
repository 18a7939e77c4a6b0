import type { Clock } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import type { Logger } from 'pino';
import { JobLease } from '../job-lease.ts';
import type { Measured } from './measure.ts';

const dayMs = 86_400_000;
const firstAfterMs = 60_000;
/** The last sample of a day is that of its end, to within this. */
const everyMs = 3_600_000;
/** The one that samples keeps the lease until the next one; another takes its place when it has died. */
const leaseMs = everyMs + 30 * 60_000;
/** A year can be drawn, and compared with the same day of the last one. */
const keptDays = 400;

/** What the sampler works with. */
export interface SamplerParts {
  readonly store: MetadataStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Identifies this process as the holder of leases. */
  readonly instance: string;
  /** Resolves with nothing for a bucket. */
  readonly measure: () => Promise<Measured | undefined>;
}

/** Writes down what is stored, a row for each day. Of several processes one does so. */
export class StorageSampler {
  readonly #parts: SamplerParts;
  readonly #lease: JobLease;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopping = false;

  constructor(parts: SamplerParts) {
    this.#parts = parts;
    this.#lease = new JobLease({
      store: parts.store,
      name: 'storage samples',
      owner: parts.instance,
      duration: leaseMs,
    });
  }

  /** Takes a sample soon, and every hour from then on. */
  schedule(): void {
    this.#wait(firstAfterMs);
  }

  /** Takes the sample of this day, or puts a newer one in its place; false while another process does so. */
  async run(): Promise<boolean> {
    if (!(await this.#lease.acquire())) return false;
    const { store, clock, measure } = this.#parts;
    const day = Math.floor(clock.now() / dayMs);
    const [{ own, shared, waiting, uploads }, measured] = await Promise.all([store.space.stored(), measure()]);
    await store.space.putSample({
      day,
      storedBytes: own + shared + waiting + uploads,
      ...(measured && { usedBytes: measured.fileSystem.used }),
      keepSince: day - keptDays,
    });
    return true;
  }

  /** Waits for the sample under way and leaves the next ones to others. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    await this.#running;
    await this.#lease.release().catch(() => {});
  }

  #wait(delay: number): void {
    if (this.#isStopping) return;
    this.#timer = setTimeout(() => {
      this.#running = this.run().then(
        () => this.#wait(everyMs),
        (error: unknown) => {
          this.#parts.log.error({ err: error }, 'the storage was not measured, the next hour tries again');
          this.#wait(everyMs);
        },
      );
    }, delay);
    this.#timer.unref();
  }
}
