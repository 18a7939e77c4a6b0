import type { Coordination } from '@mcr/db';

/** A job that one process at a time does, among all that share the store. */
export interface JobLeaseOptions {
  readonly store: { readonly coordination: Pick<Coordination, 'acquireLease' | 'releaseLease'> };
  readonly name: string;
  /** Identifies this process. */
  readonly owner: string;
  /** Milliseconds after which a process that has not renewed its lease counts as dead. */
  readonly duration: number;
}

/** The right to do a job, by a lease in the database. */
export class JobLease {
  readonly #options: JobLeaseOptions;
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(options: JobLeaseOptions) {
    this.#options = options;
  }

  /** Name and owner, as the store knows the lease. */
  get key(): { readonly name: string; readonly owner: string } {
    const { name, owner } = this.#options;
    return { name, owner };
  }

  /** Takes or renews the lease; false while another process has it. */
  async acquire(): Promise<boolean> {
    const { store, duration } = this.#options;
    this.#renewedAt = performance.now();
    return (await store.coordination.acquireLease({ ...this.key, duration })) !== undefined;
  }

  /** Renews the lease if a third of its time has passed, so that it is cheap between slices; false if it was lost. */
  async keep(): Promise<boolean> {
    if (performance.now() - this.#renewedAt < this.#options.duration / 3) return true;
    return await this.acquire();
  }

  async release(): Promise<void> {
    await this.#options.store.coordination.releaseLease(this.key);
  }
}
