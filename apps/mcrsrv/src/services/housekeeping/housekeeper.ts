import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { type Clock, RegistryError } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import type { Logger } from 'pino';
import { JobLease } from '../job-lease.ts';
import { exportAudit } from './export-audit.ts';
import { type CopyPlace, pruneCopies } from './prune-copies.ts';

const leaseName = 'housekeeping';
/** Longer than a slice of anything takes; renewed between slices. */
const leaseMs = 10 * 60_000;
/** A server that has just started has other things to do. */
const firstAfterMs = 60_000;
const everyMs = 24 * 3_600_000;

/** What the housekeeper works with. */
export interface HousekeepingParts {
  readonly store: MetadataStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** Identifies this process as the holder of leases. */
  readonly instance: string;
  readonly audit: {
    /** Milliseconds; 0 keeps events for ever. */
    readonly retention: number;
    readonly directory: string;
  };
  readonly copies: readonly CopyPlace[];
  /** Looks for objects that no row knows; absent where files are. Calls its argument between slices. */
  readonly sweep?: (mayGoOn: () => Promise<void>) => Promise<void>;
}

/**
 * Removes once a day what has been kept for long enough: events of the audit log, copies of the database, objects in a bucket
 * that no row knows.
 */
export class Housekeeper {
  readonly #parts: HousekeepingParts;
  readonly #lease: JobLease;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
    this.#lease = new JobLease({ store: parts.store, name: leaseName, owner: parts.instance, duration: leaseMs });
  }

  /** Runs soon, and every day from then on. */
  schedule(): void {
    this.#wait(firstAfterMs);
  }

  /**
   * One run to its end, unless another process does it. What fails is logged, and tried again by the next run; the rest is
   * done all the same.
   */
  async run(): Promise<void> {
    if (!(await this.#lease.acquire())) return;
    try {
      for (const place of this.#parts.copies) await this.#attempt('copies of the database', () => this.#prune(place));
      await this.#attempt('the audit log', () => this.#exportAudit());
      const { sweep } = this.#parts;
      if (sweep !== undefined) await this.#attempt('the bucket', () => sweep(() => this.#mayGoOn()));
    } finally {
      await this.#lease.release();
    }
  }

  /** Ends a run at its next slice and waits for it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #wait(delay: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#timer = setTimeout(() => {
      const { log } = this.#parts;
      this.#running = this.run()
        .catch((error: unknown) => log.error({ err: error }, 'housekeeping did not run'))
        .finally(() => this.#wait(everyMs));
    }, delay);
    this.#timer.unref();
  }

  async #attempt(what: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#parts.log.error({ err: error }, `housekeeping of ${what} failed, the next run tries again`);
    }
  }

  async #prune(place: CopyPlace): Promise<void> {
    const { store, clock, log } = this.#parts;
    const removed = await pruneCopies({ ...place, store, actor: {}, now: clock.now() });
    if (removed.length > 0) log.info({ directory: place.directory, removed }, 'removed old copies of the database');
  }

  async #mayGoOn(): Promise<void> {
    await yieldToOthers();
    this.#stopping.signal.throwIfAborted();
    if (!(await this.#lease.keep())) throw new RegistryError('CONFLICT', 'Another process has taken over housekeeping');
  }

  async #exportAudit(): Promise<void> {
    const { store, clock, log, audit } = this.#parts;
    if (audit.retention === 0) return;
    const now = clock.now();
    const { directory } = audit;
    const before = now - audit.retention;
    const events = await exportAudit({ store, directory, before, now, betweenSlices: () => this.#mayGoOn() });
    if (events > 0) log.info({ events, directory }, 'exported old events of the audit log');
  }
}
