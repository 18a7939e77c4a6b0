const firstMs = 200;
const mostMs = 30_000;
/** A worker that lived for this long is no part of a crash loop: starting it costs less than it served. */
const healthyMs = 5_000;

/** How long to wait before a worker is replaced: longer each time that it ends soon after its start. */
export class Backoff {
  #failures = 0;

  /** Milliseconds to wait after a worker that lived for `lifeMs` milliseconds. */
  next(lifeMs: number): number {
    this.#failures = lifeMs >= healthyMs ? 1 : this.#failures + 1;
    return Math.min(firstMs * 2 ** (this.#failures - 1), mostMs);
  }
}
