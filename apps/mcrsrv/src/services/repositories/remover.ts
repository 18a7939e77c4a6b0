import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Clock } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import type { Logger } from 'pino';
import type { ServiceSettings } from '../settings.ts';

/** Rows in one transaction: a few milliseconds of the event loop. */
const sliceSize = 300;

/** What the removal works with. */
export interface RemoverParts {
  readonly store: Pick<MetadataStore, 'repositories'>;
  readonly settings: Pick<ServiceSettings, 'gracePeriod'>;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Removes what deleted repositories have left, in slices between which others are served. What a process leaves when it
 * ends, the next one removes after its start.
 */
export class RepositoryRemover {
  readonly #parts: RemoverParts;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(parts: RemoverParts) {
    this.#parts = parts;
  }

  /** Begins unless it is under way, and resolves when nothing is left, or it was stopped. Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#removeAll().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Ends after the slice that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #removeAll(): Promise<void> {
    const { store, settings, clock, log } = this.#parts;
    try {
      while (!this.#stopped) {
        const reviewAfter = clock.now() + settings.gracePeriod;
        const { removed } = await store.repositories.removeDeleted({ reviewAfter, limit: sliceSize });
        if (removed === 0) return;
        await yieldToOthers();
      }
    } catch (error) {
      log.error(
        { err: error },
        'rows of deleted repositories could not be removed, the next deletion or start goes on',
      );
    }
  }
}
