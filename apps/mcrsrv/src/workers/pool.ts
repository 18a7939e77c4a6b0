import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Listening } from '../server.ts';
import { Backoff } from './backoff.ts';
import type { ToWorker, WorkerStart } from './messages.ts';
import { WorkerProcess, type WorkerReports } from './worker-process.ts';

/** What a pool needs to know. */
export interface PoolOptions {
  /** How many workers serve at the same time. */
  readonly size: number;
  /** What a worker is told at its start, but for its number; asked anew for each. */
  readonly start: () => Omit<WorkerStart, 'number' | 'workers' | 'isFirst'>;
  readonly onFigures: WorkerReports['onFigures'];
  /** Called when a process has ended, before it is replaced. */
  readonly onEnd: (worker: WorkerProcess) => void;
  /** Milliseconds after which a worker that was told to stop is killed. */
  readonly stopTimeout: number;
  readonly log: Logger;
}

/** Milliseconds for which a worker that was replaced may wait for its clients. */
const drainMs = 60 * 60_000;

/** The workers, each of which is replaced when it ends. */
export class WorkerPool {
  readonly #options: PoolOptions;
  /** The worker of each number. */
  readonly #workers = new Map<number, WorkerProcess>();
  /** Those that are about to replace one, or were replaced and have connections left. */
  readonly #others = new Set<WorkerProcess>();
  readonly #failed = Promise.withResolvers<never>();
  readonly #stopping = new AbortController();
  #isReplacing = false;
  #restarts = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#failed.promise.catch(() => {});
  }

  /** Rejects when all have to stop: the storage failed in one, or none serves and none can be started. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** All processes, in the order of their starts. */
  get processes(): readonly WorkerProcess[] {
    return [...this.#workers.values(), ...this.#others].toSorted((one, other) => one.startedAt - other.startedAt);
  }

  /** How many workers have ended by themselves. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Starts the first worker, which does what is done once, and then all others. Rejects when one cannot start. */
  async start(): Promise<Listening> {
    const begin = (number: number): Promise<Listening> => {
      const worker = this.#spawn(number, number === 1);
      this.#workers.set(number, worker);
      return worker.listening;
    };
    const first = await begin(1);
    const numbers = Array.from({ length: this.#options.size - 1 }, (_, at) => at + 2);
    await Promise.all(numbers.map(begin));
    for (const worker of this.#workers.values()) void this.#follow(worker, new Backoff());
    return first;
  }

  /** Sends a message to every process. */
  send(message: ToWorker): void {
    for (const worker of this.processes) worker.send(message);
  }

  /**
   * Replaces the workers one after the other: each stops accepting connections when the one that replaces it has begun
   * to. One that cannot start is logged, and leaves the others as they are.
   */
  async replaceAll(): Promise<void> {
    const { log, size } = this.#options;
    if (this.#isReplacing) return log.warn('a rolling restart is under way, this one is ignored');
    this.#isReplacing = true;
    log.info({ workers: size }, 'rolling restart begins');
    try {
      for (const number of this.#workers.keys()) await this.#exchange(number);
      log.info('rolling restart is complete');
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      log.error({ err: error }, 'rolling restart ends, since a worker cannot start; the others serve on');
    } finally {
      this.#isReplacing = false;
    }
  }

  /** Stops all processes, which lets transfers finish, and waits until they are gone. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const { processes } = this;
    for (const worker of processes) worker.send({ type: 'stop' });
    const timer = setTimeout(() => {
      for (const worker of processes) worker.kill('SIGKILL');
    }, this.#options.stopTimeout);
    await Promise.all(processes.map((worker) => worker.ended));
    clearTimeout(timer);
  }

  #spawn(number: number, isFirst = false): WorkerProcess {
    const { start, size, onFigures } = this.#options;
    const onFatal = (message: string): void => this.#failed.reject(new Error(message));
    return new WorkerProcess({ ...start(), number, workers: size, isFirst }, { onFatal, onFigures });
  }

  /** Puts a new worker in the place of the one with this number. Rejects when it cannot start. */
  async #exchange(number: number): Promise<void> {
    this.#stopping.signal.throwIfAborted();
    const next = this.#spawn(number);
    this.#others.add(next);
    await next.listening.finally(() => this.#others.delete(next));
    const old = this.#workers.get(number)!;
    this.#workers.set(number, next);
    void this.#follow(next, new Backoff());
    if (!old.isListening) return;
    this.#others.add(old);
    old.send({ type: 'drain' });
    const timer = setTimeout(() => old.send({ type: 'stop' }), drainMs);
    void old.ended.then(() => clearTimeout(timer));
  }

  /** Waits for the end of a worker, and replaces it unless that was done already. */
  async #follow(worker: WorkerProcess, backoff: Backoff): Promise<void> {
    const { number, pid } = worker;
    const { code, signal, problem } = await worker.ended;
    this.#options.onEnd(worker);
    this.#others.delete(worker);
    if (!this.#isNeeded(worker)) return;
    if (!worker.hasListened && !this.#isServing()) {
      this.#failed.reject(new Error(problem ?? `Worker ${number} ended with ${signal ?? `exit code ${code}`}`));
      return;
    }
    const waitMs = backoff.next(performance.now() - worker.startedAt);
    this.#options.log.error({ number, pid, code, signal, problem, waitMs }, 'worker ended, another one replaces it');
    this.#restarts += 1;
    await sleep(waitMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    if (!this.#isNeeded(worker)) return;
    try {
      const next = this.#spawn(number);
      this.#workers.set(number, next);
      await this.#follow(next, backoff);
    } catch (error) {
      // The system has no room for another process; a service manager can start all of them anew.
      this.#failed.reject(error);
    }
  }

  #isNeeded(worker: WorkerProcess): boolean {
    return !this.#stopping.signal.aborted && this.#workers.get(worker.number) === worker;
  }

  #isServing(): boolean {
    return this.processes.some((worker) => worker.isListening);
  }
}
