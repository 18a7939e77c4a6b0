import { clientGone, tooManyRequests } from './errors.ts';

/** Limits of a queue. */
export interface SlotsOptions {
  /** Maximum number of concurrent tasks. */
  readonly concurrency: number;
  /** Maximum number of waiting tasks. */
  readonly maxWaiting: number;
  /** Maximum number of waiting tasks per address (default: `maxWaiting`). */
  readonly maxWaitingPerAddress?: number;
}

/** The client that requests a task, for fair queueing. */
export interface Requester {
  /** Address or network of the client; absent for work of the process itself, which counts as one client. */
  readonly address?: string;
  /** Aborted when the client has disconnected, so that no work is done for it. */
  readonly signal?: AbortSignal;
}

interface Waiter {
  readonly enter: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs a few tasks at a time. Addresses take turns, each with its tasks in order of arrival: a task waits for at most
 * one task of each other address, however many those submit. If the queue is full, the address with the most waiting
 * tasks gives up one for an address that has fewer.
 */
export class Slots {
  readonly #maxWaiting: number;
  readonly #maxWaitingPerAddress: number;
  /** Waiting tasks by address; the address whose turn it is comes first, and no list is empty. */
  readonly #lines = new Map<string, Waiter[]>();
  #waiting = 0;
  #free: number;
  #concurrency: number;

  constructor({ concurrency, maxWaiting, maxWaitingPerAddress = maxWaiting }: SlotsOptions) {
    this.#free = concurrency;
    this.#concurrency = concurrency;
    this.#maxWaiting = maxWaiting;
    this.#maxWaitingPerAddress = maxWaitingPerAddress;
  }

  /** Number of waiting tasks. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Changes the maximum number of concurrent tasks; those that run already are not affected. */
  resize(concurrency: number): void {
    this.#free += concurrency - this.#concurrency;
    this.#concurrency = concurrency;
    for (let free = this.#free; free > 0 && this.#waiting > 0; free -= 1) {
      this.#free -= 1;
      this.#leave();
    }
  }

  /**
   * Runs `task` when it is its turn. Throws `TOOMANYREQUESTS` if the queue is full, `UNAVAILABLE` if the client
   * disconnects first, and whatever `task` throws.
   */
  async run<T>(task: () => Promise<T>, { address = '', signal }: Requester = {}): Promise<T> {
    if (signal?.aborted === true) throw clientGone();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(address, signal);
    try {
      return await task();
    } finally {
      this.#leave();
    }
  }

  async #wait(address: string, signal: AbortSignal | undefined): Promise<void> {
    this.#makeRoom(address);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { enter: resolve, reject };
    const withdraw = () => this.#withdraw(address, waiter);
    signal?.addEventListener('abort', withdraw, { once: true });
    this.#lines.set(address, [...(this.#lines.get(address) ?? []), waiter]);
    this.#waiting += 1;
    await promise.finally(() => signal?.removeEventListener('abort', withdraw));
  }

  #makeRoom(address: string): void {
    const own = this.#lines.get(address)?.length ?? 0;
    if (own >= this.#maxWaitingPerAddress) throw tooManyRequests();
    if (this.#waiting < this.#maxWaiting) return;
    const [longest, line] = [...this.#lines].reduce((a, b) => (b[1].length > a[1].length ? b : a), ['', []]);
    const last = line.at(-1);
    if (last === undefined || line.length <= own + 1) throw tooManyRequests();
    this.#remove(longest, last);
    last.reject(tooManyRequests());
  }

  #withdraw(address: string, waiter: Waiter): void {
    this.#remove(address, waiter);
    waiter.reject(clientGone());
  }

  #remove(address: string, waiter: Waiter): void {
    const line = this.#lines.get(address) ?? [];
    const rest = line.filter((it) => it !== waiter);
    this.#waiting -= line.length - rest.length;
    if (rest.length > 0) this.#lines.set(address, rest);
    else this.#lines.delete(address);
  }

  /** Passes the slot to the first task of the address whose turn it is, and moves that address to the end. */
  #leave(): void {
    const [next] = this.#lines;
    if (next === undefined || this.#free < 0) {
      this.#free += 1;
      return;
    }
    const [address, [first, ...rest]] = next;
    this.#lines.delete(address);
    if (rest.length > 0) this.#lines.set(address, rest);
    this.#waiting -= 1;
    first?.enter();
  }
}
