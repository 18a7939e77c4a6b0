/** Failures within the window that open the breaker. */
const threshold = 20;
const windowMs = 10_000;
/** How long it stays open before one call may try. */
const restMs = 5_000;

/**
 * Opens after 20 failures in 10 seconds, so that transfers fail immediately instead of waiting for a server that is down.
 * After 5 seconds one transfer may try; a success closes it.
 */
export class Breaker {
  readonly #now: () => number;
  /** Times of the last failures, oldest first; at most as many as open it. */
  #failures: number[] = [];
  #openUntil = Number.NEGATIVE_INFINITY;
  #isOpen = false;

  /** `now` is a clock that never goes back, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Milliseconds to wait before a transfer may begin; 0 when it may now. The one that tries is let through alone. */
  wait(): number {
    if (!this.#isOpen) return 0;
    const now = this.#now();
    if (now < this.#openUntil) return this.#openUntil - now;
    this.#openUntil = now + restMs;
    return 0;
  }

  succeeded(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#failures = [];
  }

  failed(): void {
    const now = this.#now();
    this.#failures = [...this.#failures.filter((at) => now - at < windowMs), now].slice(-threshold);
    if (this.#failures.length < threshold && !this.#isOpen) return;
    if (!this.#isOpen) this.#openUntil = now + restMs;
    this.#isOpen = true;
  }
}
