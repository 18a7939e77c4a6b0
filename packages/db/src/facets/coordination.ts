/** Counters that another process can compare to notice a change. */
export interface Versions {
  readonly policy: number;
  readonly accounts: number;
}

export interface Lease {
  readonly name: string;
  readonly owner: string;
  readonly until: number;
  /** Grows with every change of holder. */
  readonly fence: number;
}

/** What processes that share a store agree on. */
export interface Coordination {
  /**
   * Takes or renews the lease for `duration` milliseconds from now, by the clock of the store, which is the same for all
   * processes. `undefined` while another owner holds it.
   */
  acquireLease(input: { name: string; owner: string; duration: number }): Promise<Lease | undefined>;
  releaseLease(input: { name: string; owner: string }): Promise<void>;
  /** Takes away every lease of any owner but this one: only for the process that owns the store alone. */
  takeOverLeases(owner: string): Promise<void>;
  versions(): Promise<Versions>;
  /** Id of the store that has the bytes of the blobs; `undefined` until it was set. */
  blobStoreId(): Promise<string | undefined>;
  setBlobStoreId(id: string): Promise<void>;
}
