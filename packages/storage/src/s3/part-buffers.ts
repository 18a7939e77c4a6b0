import { unavailable } from './translate-error.ts';

/** How long an upload waits for a buffer; its client is not read meanwhile. */
const longestWaitMs = 30_000;
/** Buffers that are kept for the next upload. */
const maxIdle = 4;

/**
 * Memory for parts of uploads, each of the same size, as many as there is room for. What has one always gets rid of it by
 * sending it, so that a wait ends. There are two at least.
 */
export class PartBuffers {
  readonly size: number;
  readonly #most: number;
  readonly #idle: Buffer[] = [];
  readonly #waiting = new Set<(buffer: Buffer) => void>();
  #taken = 0;

  /** Both in bytes. */
  constructor({ partSize, total }: { readonly partSize: number; readonly total: number }) {
    this.size = partSize;
    this.#most = Math.max(2, Math.floor(total / partSize));
  }

  /** A buffer if one is free. */
  tryTake(): Buffer | undefined {
    if (this.#taken >= this.#most) return undefined;
    this.#taken += 1;
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** A buffer, after those that have waited for longer. Throws `UNAVAILABLE` when none comes in 30 seconds. */
  async take(waitMs = longestWaitMs): Promise<Buffer> {
    const free = this.tryTake();
    if (free !== undefined) return free;
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    this.#waiting.add(resolve);
    const timer = setTimeout(() => {
      this.#waiting.delete(resolve);
      reject(unavailable(waitMs, new Error('s3.buffers are all in use by other uploads')));
    }, waitMs);
    return await promise.finally(() => clearTimeout(timer));
  }

  give(buffer: Buffer): void {
    const [next] = this.#waiting;
    if (next !== undefined) {
      this.#waiting.delete(next);
      next(buffer);
      return;
    }
    this.#taken -= 1;
    if (this.#idle.length < maxIdle) this.#idle.push(buffer);
  }
}
