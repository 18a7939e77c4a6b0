import { tooManyRequests } from './too-many-requests.ts';

/** As much as 32 manifests of the largest size, or all that thousands of clients push at a time. */
const maxBytes = 128 * 1024 * 1024;
/** Nobody takes all of it from the others. */
const maxBytesOfAccount = maxBytes / 4;
/** The longest that container clients wait. */
const retryMs = 3_000;

/** Counts the bytes of one body; disposing it forgets them. */
export interface BodyMeter extends Disposable {
  /** Throws `TOOMANYREQUESTS` when there is no room for the bytes; with 0, when there is none at all. */
  readonly add: (bytes: number) => void;
}

/** Bounds what the bodies that are read as a whole take of memory together: manifests, and the JSON of the admin API. */
export class BodyBytes {
  readonly #maxBytes: number;
  readonly #maxBytesOfAccount: number;
  readonly #accounts = new Map<string, number>();
  #bytes = 0;

  constructor(limits = { bytes: maxBytes, bytesOfAccount: maxBytesOfAccount }) {
    this.#maxBytes = limits.bytes;
    this.#maxBytesOfAccount = limits.bytesOfAccount;
  }

  /** Bytes that are held now, and the accounts whose they are. */
  get held(): { readonly bytes: number; readonly accounts: number } {
    return { bytes: this.#bytes, accounts: this.#accounts.size };
  }

  /** Begins to count a body of the account. */
  meter(account: string): BodyMeter {
    let own = 0;
    return {
      add: (bytes) => {
        const before = this.#accounts.get(account) ?? 0;
        const most = Math.min(this.#maxBytes - this.#bytes, this.#maxBytesOfAccount - before);
        if (bytes > most || most <= 0) throw tooManyRequests('Too much is being sent at once; try again', retryMs);
        own += bytes;
        this.#change(account, bytes);
      },
      [Symbol.dispose]: () => {
        this.#change(account, -own);
        own = 0;
      },
    };
  }

  #change(account: string, bytes: number): void {
    this.#bytes += bytes;
    const left = (this.#accounts.get(account) ?? 0) + bytes;
    if (left > 0) this.#accounts.set(account, left);
    else this.#accounts.delete(account);
  }
}
