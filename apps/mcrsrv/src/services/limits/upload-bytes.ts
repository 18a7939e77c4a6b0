import type { RegistryError } from '@mcr/core';
import { tooManyRequests } from '@mcr/server-kit';

/** The longest that container clients wait for. */
const retryMs = 3_000;

/** Uploads of one account: bytes that rows record, and bytes that requests under way have brought on top. */
interface Usage {
  recorded: number;
  received: number;
  requests: number;
}

/** Counts the bytes of one request; disposing it ends that. */
export interface UploadMeter extends Disposable {
  /** Throws `TOOMANYREQUESTS` when the account's uploads become too large. */
  add(bytes: number): void;
}

/** Limits the bytes of the unfinished uploads of each account. */
export class UploadBytes {
  readonly #limit: number;
  readonly #accounts = new Map<string, Usage>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Accounts with requests under way. */
  get size(): number {
    return this.#accounts.size;
  }

  /** Throws `TOOMANYREQUESTS` when the account, whose uploads record that many bytes, has no room for more. */
  check(account: string, recorded: number): void {
    const received = this.#accounts.get(account)?.received ?? 0;
    if (recorded + received >= this.#limit) throw tooManyBytes(this.#limit);
  }

  /** Begins to count a request, as {@link check} allows. */
  meter(account: string, recorded: number): UploadMeter {
    this.check(account, recorded);
    const usage = this.#accounts.get(account) ?? { recorded: 0, received: 0, requests: 0 };
    this.#accounts.set(account, usage);
    usage.recorded = recorded;
    usage.requests += 1;
    let own = 0;
    return {
      add: (bytes) => {
        if (usage.recorded + usage.received + bytes > this.#limit) throw tooManyBytes(this.#limit);
        usage.received += bytes;
        own += bytes;
      },
      [Symbol.dispose]: () => {
        // Until the rows are asked again, what came counts as recorded.
        usage.recorded += own;
        usage.received -= own;
        usage.requests -= 1;
        if (usage.requests === 0) this.#accounts.delete(account);
      },
    };
  }
}

function tooManyBytes(limit: number): RegistryError {
  return tooManyRequests(
    `The unfinished uploads of the account may have ${limit} bytes; finish or cancel some of them first`,
    retryMs,
  );
}
