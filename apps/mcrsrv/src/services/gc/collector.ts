import { randomUUID } from 'node:crypto';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { type Actor, RegistryError } from '@mcr/core';
import type { GcRun } from '@mcr/db';
import { JobLease } from '../job-lease.ts';
import { emptyTrash } from './empty-trash.ts';
import type { CollectorParts, Progress, Run } from './parts.ts';
import { reapUploads } from './reap-uploads.ts';
import { reconcile } from './reconcile.ts';
import { reviewQueue } from './review-queue.ts';

const leaseName = 'gc';
/** A process that has not renewed its lease for so long has died, and the next run goes on where it ended. */
const leaseMs = 60_000;
/** How often a run writes down its progress. */
const reportMs = 1_000;
const brokenOff = 'The server stopped during this run; the next one goes on where it ended';

/** What a run is asked to do. */
export interface RunRequest {
  readonly reconcile: boolean;
  readonly trigger: GcRun['trigger'];
  readonly actor: Actor;
}

interface Request extends RunRequest {
  /** The newest run when this one was scheduled: another process may have done the work since. */
  readonly after?: string | undefined;
}

/** Garbage collection: one run at a time, by a lease in the database; progress and result are rows there. */
export class GarbageCollector {
  readonly #parts: CollectorParts;
  readonly #lease: JobLease;
  readonly #stopping = new AbortController();
  #running: Promise<GcRun> | undefined;
  /** Whether the end of the run may be on record already, and so be known to clients. */
  #isEnding = false;
  #timer: NodeJS.Timeout | undefined;
  #nextRunAt: number | undefined;

  constructor(parts: CollectorParts) {
    this.#parts = parts;
    this.#lease = new JobLease({ store: parts.store, name: leaseName, owner: parts.instance, duration: leaseMs });
  }

  /** When the next scheduled run begins, in milliseconds since the epoch; `undefined` where none is scheduled. */
  get nextRunAt(): number | undefined {
    return this.#nextRunAt;
  }

  /** Marks runs as failed whose process died, unless another process has the lease, whose next run does that. */
  async recover(): Promise<void> {
    if (!(await this.#lease.acquire())) return;
    try {
      await this.#failBrokenOff();
    } finally {
      await this.#lease.release();
    }
  }

  /** Only for the holder of the lease: no other run is under way then. */
  async #failBrokenOff(): Promise<void> {
    const { store, clock } = this.#parts;
    for (const { id, state } of await store.gc.listRuns({ limit: 10 })) {
      if (state !== 'running') continue;
      await store.gc.finishRun({ id, state: 'failed', error: brokenOff, actor: {}, now: clock.now() });
    }
  }

  /** Starts a run and resolves once it is on record. Throws `CONFLICT` while one is running, in whatever process. */
  async start(request: Request): Promise<GcRun> {
    if (this.#stopping.signal.aborted) throw new RegistryError('UNAVAILABLE', 'The server is stopping');
    while (this.#running !== undefined) {
      if (!this.#isEnding) throw alreadyRunning();
      await this.#running.catch(() => {});
    }
    const { promise: recorded, resolve, reject } = Promise.withResolvers<GcRun>();
    this.#running = this.#run(request, resolve).finally(() => {
      this.#running = undefined;
      this.#isEnding = false;
    });
    this.#running.catch(reject);
    return await recorded;
  }

  /** Resolves with the run that is under way in this process once it has ended; `undefined` when there is none. */
  async finished(): Promise<GcRun | undefined> {
    return await this.#running;
  }

  /** Runs every `interval` milliseconds from now on, counted from the last run of any process; 0 is only on demand. */
  schedule(interval: number): void {
    if (interval === 0) return;
    void this.#waitForNextRun(interval);
  }

  /** Ends a run at its next slice and waits for it; the next run goes on where it stopped. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#running?.catch(() => {});
  }

  async #waitForNextRun(interval: number): Promise<void> {
    const { clock, log } = this.#parts;
    const last = await this.#lastRun().catch((error: unknown) => {
      if (!this.#stopping.signal.aborted)
        log.error({ err: error }, 'the last garbage collection could not be looked up');
      return undefined;
    });
    if (this.#stopping.signal.aborted) return;
    const delay = delayAfter(last, interval, clock.now());
    this.#nextRunAt = clock.now() + delay;
    this.#timer = setTimeout(() => {
      void this.#runScheduled(last?.id).finally(() => void this.#waitForNextRun(interval));
    }, delay);
    this.#timer.unref();
  }

  async #runScheduled(after: string | undefined): Promise<void> {
    this.#nextRunAt = undefined;
    try {
      await this.start({ reconcile: false, trigger: 'schedule', actor: {}, after });
      await this.finished();
    } catch (error) {
      // Another process does it, or has done it since.
      if (error instanceof RegistryError && error.code === 'CONFLICT') return;
      this.#parts.log.warn({ err: error }, 'scheduled garbage collection did not run');
    }
  }

  async #lastRun(): Promise<GcRun | undefined> {
    const [last] = await this.#parts.store.gc.listRuns({ limit: 1 });
    return last;
  }

  async #run(request: Request, onRecord: (run: GcRun) => void): Promise<GcRun> {
    const { store, clock } = this.#parts;
    const { after, ...requested } = request;
    if (!(await this.#lease.acquire())) throw alreadyRunning();
    try {
      if ('after' in request && (await this.#lastRun())?.id !== after) throw doneSince();
      // A run whose end could not be written down would look as if it went on forever.
      await this.#failBrokenOff();
      const run = await store.gc.startRun({ id: randomUUID(), ...requested, now: clock.now() });
      onRecord(run);
      return await this.#execute(run, request.actor);
    } finally {
      await this.#lease.release();
    }
  }

  async #execute(run: GcRun, actor: Actor): Promise<GcRun> {
    const { store, clock, log } = this.#parts;
    const progress: Progress = {
      blobsRemoved: 0,
      bytesFreed: 0,
      uploadsRemoved: 0,
      examined: 0,
      orphansRemoved: 0,
      missingFiles: 0,
    };
    let failure: unknown;
    try {
      await this.#phases({ parts: this.#parts, progress, yieldLoop: this.#yielder(run.id, progress) }, run.reconcile);
    } catch (error) {
      failure = error;
      const level = this.#stopping.signal.aborted ? 'info' : 'error';
      log[level]({ err: error, run: run.id }, 'garbage collection broke off');
    }
    await store.gc.updateRun(run.id, progress);
    const outcome =
      failure === undefined ? { state: 'completed' as const } : { state: 'failed' as const, error: reasonOf(failure) };
    this.#isEnding = true;
    return await store.gc.finishRun({ id: run.id, ...outcome, lease: this.#lease.key, actor, now: clock.now() });
  }

  async #phases(run: Run, withReconcile: boolean): Promise<void> {
    await reapUploads(run);
    await reviewQueue(run);
    await emptyTrash(run);
    if (!withReconcile) return;
    // After the trash: what lies in it has no row any more, but it is no orphan.
    await reconcile(run);
    await emptyTrash(run);
  }

  #yielder(id: string, progress: Progress): () => Promise<void> {
    const { store, clock } = this.#parts;
    let reportedAt = clock.now();
    return async () => {
      await yieldToOthers();
      if (this.#stopping.signal.aborted) throw new RegistryError('UNAVAILABLE', brokenOff);
      const now = clock.now();
      if (now - reportedAt < reportMs) return;
      reportedAt = now;
      if (!(await this.#lease.acquire())) {
        throw new RegistryError('CONFLICT', 'Another process has taken over garbage collection');
      }
      await store.gc.updateRun(id, progress);
    };
  }
}

/** Driver messages may hold SQL: the log has them, the run's row does not. */
function reasonOf(error: unknown): string {
  return error instanceof RegistryError ? error.message : 'It failed, see the log of the server';
}

/** Milliseconds; never longer than `interval`, also when the machine's clock was set back. */
function delayAfter(last: GcRun | undefined, interval: number, now: number): number {
  if (last === undefined) return interval;
  return Math.min(interval, Math.max(0, last.startedAt + interval - now));
}

function doneSince(): RegistryError {
  return new RegistryError('CONFLICT', 'Garbage was collected since this run was scheduled');
}

function alreadyRunning(): RegistryError {
  return new RegistryError('CONFLICT', 'A garbage collection is running already');
}
