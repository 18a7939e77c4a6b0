import type { Clock } from '@mcr/core';
import type { MetadataStore, UploadQuota } from '@mcr/db';
import { tooManyRequests } from '@mcr/server-kit';
import { UploadBytes, type UploadMeter } from './upload-bytes.ts';

/** Long before it is removed, an upload that is not continued makes room for others. */
const abandonedMs = 60 * 60_000;
/** The longest that container clients wait for. */
const retryMs = 3_000;

/** What an {@link UploadLimits} works with; 0 is no limit. */
export interface UploadLimitsOptions {
  readonly store: MetadataStore;
  readonly clock: Clock;
  /** Uploads that an account may have open; so many in one request each, too. */
  readonly uploads: number;
  /** Bytes of all unfinished uploads of an account. */
  readonly bytes: number;
}

/** Limits what one account may have under way. Only uploads are rejected, and preferably the request that begins one. */
export class UploadLimits {
  readonly #store: MetadataStore;
  readonly #clock: Clock;
  readonly #uploads: number;
  readonly #bytes: UploadBytes | undefined;
  /** Blobs that are coming in one request, by account. */
  readonly #whole = new Map<string, number>();

  constructor({ store, clock, uploads, bytes }: UploadLimitsOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#uploads = uploads;
    this.#bytes = bytes === 0 ? undefined : new UploadBytes(bytes);
  }

  /** What the store is to check when the account begins an upload. Throws `TOOMANYREQUESTS` for its bytes. */
  async begin(account: string): Promise<{ readonly quota?: UploadQuota }> {
    this.#bytes?.check(account, await this.#store.uploads.recordedBytes(account));
    if (this.#uploads === 0) return {};
    return { quota: { uploads: this.#uploads, touchedSince: this.#clock.now() - abandonedMs } };
  }

  /** Runs `push`, which takes a blob in one request. Throws `TOOMANYREQUESTS`. */
  async whole<T>(account: string, push: () => Promise<T>): Promise<T> {
    const underWay = this.#whole.get(account) ?? 0;
    if (this.#uploads > 0 && underWay >= this.#uploads) {
      throw tooManyRequests(`The account is pushing ${underWay} blobs; wait until some of them are done`, retryMs);
    }
    this.#whole.set(account, underWay + 1);
    try {
      return await push();
    } finally {
      const left = (this.#whole.get(account) ?? 1) - 1;
      if (left === 0) this.#whole.delete(account);
      else this.#whole.set(account, left);
    }
  }

  /** Counts the bytes of a request of the account, if they are limited. Throws `TOOMANYREQUESTS`. */
  async meter(account: string): Promise<UploadMeter | undefined> {
    return this.#bytes?.meter(account, await this.#store.uploads.recordedBytes(account));
  }
}
