/** Runs tasks by key, one at a time; all callers that asked before a run began share it. */
export class SharedRuns {
  readonly #planned = new Map<string, Promise<void>>();
  readonly #running = new Map<string, Promise<void>>();

  /** Resolves when a run that began after this call has ended. Rejects as that run does. */
  run(key: string, task: () => Promise<void>): Promise<void> {
    const planned = this.#planned.get(key) ?? this.#runAfterCurrent(key, task);
    this.#planned.set(key, planned);
    return planned;
  }

  async #runAfterCurrent(key: string, task: () => Promise<void>): Promise<void> {
    await this.#running.get(key)?.catch(() => {});
    this.#planned.delete(key);
    const running = task();
    this.#running.set(key, running);
    try {
      await running;
    } finally {
      if (this.#running.get(key) === running) this.#running.delete(key);
    }
  }
}
