import cluster, { type Worker } from 'node:cluster';
import type { Listening } from '../server.ts';
import { closeHandoffs } from './handoffs.ts';
import type { FromWorker, MetricFigures, Question, Questions, ToWorker, WorkerStart } from './messages.ts';

/** How a worker ended. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it could not start, or stops the registry. */
  readonly problem: string | undefined;
}

/** What a worker reports by itself. */
export interface WorkerReports {
  readonly onFatal: (message: string) => void;
  readonly onFigures: (worker: WorkerProcess, figures: readonly MetricFigures[]) => void;
}

/** A process that serves requests, as the primary sees it. */
export class WorkerProcess {
  readonly number: number;
  readonly startedAt = performance.now();
  /** Resolves when it accepts connections; rejects with the reason when it ends before that. */
  readonly listening: Promise<Listening>;
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<WorkerEnd>;
  readonly #worker: Worker;
  readonly #reports: WorkerReports;
  readonly #listening = Promise.withResolvers<Listening>();
  readonly #waiting = new Map<number, (value: unknown) => void>();
  #ids = 0;
  #isReading = false;
  #hasEnded = false;
  #hasListened = false;
  #problem: string | undefined;

  /** Starts the process. Throws when the system has no room for another one. */
  constructor(start: WorkerStart, reports: WorkerReports) {
    this.number = start.number;
    this.#reports = reports;
    cluster.setupPrimary({ args: ['worker', String(start.number)], serialization: 'advanced' });
    this.#worker = cluster.fork();
    const { process: child } = this.#worker;
    closeHandoffs(child);
    this.listening = this.#listening.promise;
    this.listening.catch(() => {});
    this.#worker.on('message', (message: FromWorker) => this.#receive(message, start));
    this.#worker.on('error', () => {});
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve(this.#end(code, signal)));
      child.once('error', () => child.pid === undefined && resolve(this.#end(null, null)));
    });
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  /** Whether it has accepted connections. */
  get hasListened(): boolean {
    return this.#hasListened;
  }

  /** Whether it serves connections, new ones or those that it had when it was replaced. */
  get isListening(): boolean {
    return this.#hasListened && !this.#hasEnded;
  }

  /** Sends a message; one to a process that has ended is dropped. */
  send(message: ToWorker): void {
    // It cannot read this yet, and has nothing that it could lose.
    if (!this.#isReading && message.type === 'stop') this.kill('SIGKILL');
    if (this.#worker.isConnected()) this.#worker.send(message, () => {});
  }

  /** Sends a signal to the process. */
  kill(signal: NodeJS.Signals): void {
    this.#worker.process.kill(signal);
  }

  /** Asks for something; resolves with undefined when there is no response within `timeoutMs`. */
  async ask<Q extends Question>(question: Q, timeoutMs: number, shared = false): Promise<Questions[Q] | undefined> {
    if (!this.isListening) return undefined;
    this.#ids += 1;
    const id = this.#ids;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const timer = setTimeout(resolve, timeoutMs);
    this.#waiting.set(id, resolve);
    this.send({ type: 'ask', id, question, shared });
    const response = await promise;
    clearTimeout(timer);
    this.#waiting.delete(id);
    return response as Questions[Q] | undefined;
  }

  #receive(message: FromWorker, start: WorkerStart): void {
    switch (message.type) {
      case 'hello':
        this.#isReading = true;
        return this.send({ type: 'start', start });
      case 'listening':
        this.#hasListened = true;
        return this.#listening.resolve(message.listening);
      case 'failed':
        this.#problem = message.message;
        return;
      case 'fatal':
        this.#problem = message.message;
        return this.#reports.onFatal(message.message);
      case 'response':
        return this.#waiting.get(message.id)?.(message.value);
      case 'bye':
        return this.#reports.onFigures(this, message.metrics);
    }
  }

  #end(code: number | null, signal: string | null): WorkerEnd {
    this.#hasEnded = true;
    for (const resolve of this.#waiting.values()) resolve(undefined);
    const how = signal === null ? `exit code ${code}` : signal;
    const reason = this.#problem ?? `Worker ${this.number} ended with ${how} before it served requests`;
    this.#listening.reject(new Error(reason));
    return { code, signal, problem: this.#problem };
  }
}
