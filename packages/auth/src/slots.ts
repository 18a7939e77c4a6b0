import { clientGone, tooManyRequests } from './errors.ts';

/** Room for work that must not run all at once. */
export interface SlotsOptions {
  /** How many tasks run at the same time. */
  readonly concurrency: number;
  /** How many more may wait. */
  readonly maxWaiting: number;
  /** How many of them may be of one address; as many as there is room for when absent. */
  readonly maxWaitingPerAddress?: number;
}

/** Who asks for a task, for a fair turn. */
export interface Requester {
  /** Address or network of the client; work of the process itself has none and counts as one. */
  readonly address?: string;
  /** Aborted when the client has gone, so that nothing is done for it any more. */
  readonly signal?: AbortSignal;
}

interface Waiter {
  readonly enter: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Runs tasks a few at a time. Addresses take turns, each with its tasks in order of arrival: whatever one of them sends, a
 * task of another waits for one task of each address at most. When all places are taken, the address that has the most gives
 * one up to an address that has less.
 */
export class Slots {
  readonly #maxWaiting: number;
  readonly #maxWaitingPerAddress: number;
  /** Who waits, by address; the address whose turn it is comes first, and none is empty. */
  readonly #lines = new Map<string, Waiter[]>();
  #waiting = 0;
  #free: number;

  constructor({ concurrency, maxWaiting, maxWaitingPerAddress = maxWaiting }: SlotsOptions) {
    this.#free = concurrency;
    this.#maxWaiting = maxWaiting;
    this.#maxWaitingPerAddress = maxWaitingPerAddress;
  }

  /** How many tasks wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Runs `task` when it is its turn. Throws `TOOMANYREQUESTS` when there is no place to wait, `UNAVAILABLE` when the client
   * has gone before, else what `task` throws.
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

  /** Hands the slot to the first of the address whose turn it is, and puts that address last. */
  #leave(): void {
    const [next] = this.#lines;
    if (next === undefined) {
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
