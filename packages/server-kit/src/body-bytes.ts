import { tooManyRequests } from './too-many-requests.ts';

/** Maximum numbers of bytes in memory. */
export interface BodyLimits {
  readonly bytes: number;
  /** Of one account, so that none can use all of it. */
  readonly bytesOfAccount: number;
}

/** 32 manifests of the largest size, or the concurrent pushes of thousands of clients. */
const maxBytes = 128 * 1024 * 1024;
/** What a registry may use as a whole. */
export const defaultBodyLimits: BodyLimits = { bytes: maxBytes, bytesOfAccount: maxBytes / 4 };
/** The longest that container clients wait before they retry. */
const retryMs = 3_000;

/** Counts the bytes of one body in memory; disposing it releases them. */
export interface BodyMeter extends Disposable {
  /** Throws `TOOMANYREQUESTS` if `bytes` more do not fit; with 0, if the limit is already reached. */
  readonly add: (bytes: number) => void;
}

/** Bounds the memory of all bodies that are buffered whole: manifests, and the JSON of the admin API. */
export class BodyBytes {
  readonly #maxBytes: number;
  readonly #maxBytesOfAccount: number;
  readonly #accounts = new Map<string, number>();
  #bytes = 0;

  constructor(limits: BodyLimits = defaultBodyLimits) {
    this.#maxBytes = limits.bytes;
    this.#maxBytesOfAccount = limits.bytesOfAccount;
  }

  /** Bytes currently buffered, in total and by account. */
  get held(): { readonly bytes: number; readonly accounts: number } {
    return { bytes: this.#bytes, accounts: this.#accounts.size };
  }

  /** Begins to count a body of this account. */
  meter(account: string): BodyMeter {
    let own = 0;
    return {
      add: (bytes) => {
        const before = this.#accounts.get(account) ?? 0;
        const most = Math.min(this.#maxBytes - this.#bytes, this.#maxBytesOfAccount - before);
        if (bytes > most || most <= 0)
          throw tooManyRequests('Too many bytes are being sent concurrently; try again', retryMs);
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
