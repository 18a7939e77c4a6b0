import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@mcr/core';
import { growingCache } from '@mcr/server-kit';
import type { Logger } from 'pino';

/** What waits to be looked at; more is asked for again. */
const maxWaiting = 100;
/** What was looked at and is not yet due again; of more than that, the oldest may be looked at early. */
const maxResting = 10_000;

/** How long something is left alone whose look has failed, milliseconds. */
const restAfterFailure = 10_000;
/** Looks take a quarter of the time at most: to hash a blob is work that requests wait for. */
const pausePerWork = 3;

/** Looks whether something in quarantine is right again, and resolves with how long to leave it alone, milliseconds. */
export type Look = (signal: AbortSignal) => Promise<number>;

/**
 * Second looks at what is in quarantine, when it is asked for: beside the requests, one at a time, and each thing seldom.
 * Clients can make it neither fast nor large.
 */
export class Rechecks {
  readonly #clock: Clock;
  readonly #log: Pick<Logger, 'error'>;
  readonly #waiting = new Map<string, Look>();
  readonly #dueAgain = growingCache<number>(maxResting);
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Pick<Logger, 'error'> }) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Has something looked at soon, unless it was lately, or too much waits. Never waits and never throws. */
  ask(key: string, look: Look): void {
    if (this.#stopping.signal.aborted || this.#waiting.size >= maxWaiting) return;
    if ((this.#dueAgain.peek(key) ?? 0) > this.#clock.now()) return;
    this.#waiting.set(key, look);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Breaks off what is under way, and waits for that. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#waiting.clear();
    await this.settled();
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => {});
  }

  async #run(): Promise<void> {
    for (const [key, look] of this.#waiting) {
      const startedAt = performance.now();
      const rest = await look(this.#stopping.signal).catch((error: unknown) => {
        if (!this.#stopping.signal.aborted) this.#log.error({ err: error, key }, 'a second look failed');
        return restAfterFailure;
      });
      this.#dueAgain.set(key, this.#clock.now() + rest);
      this.#waiting.delete(key);
      await this.#pause((performance.now() - startedAt) * pausePerWork);
    }
  }
}
