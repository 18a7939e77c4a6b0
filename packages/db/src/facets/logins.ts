/** Failures on record for a key. */
export interface FailureCount {
  /** How many in a row, or what is left of them in a leaky bucket. */
  readonly level: number;
  /** When the last one was. */
  readonly at: number;
}

/** A count of which one failure is forgotten every `leakMs` milliseconds. */
export interface LeakyCount {
  readonly key: string;
  readonly leakMs: number;
}

/**
 * Failed logins, counted over all processes. Keys are up to the caller, and should not reveal what they stand for. What
 * has not failed for a day is forgotten, and beyond 150,000 keys those that failed longest ago.
 */
export interface LoginFailures {
  /** What is on record for the keys, in their order. */
  find(keys: readonly string[]): Promise<readonly (FailureCount | undefined)[]>;
  /**
   * Sets the count of `key` to `after`, and adds a failure to the others, if `key` still has `before` on record, 0 for
   * nothing. Whether it had; if not, nothing has changed.
   */
  count(input: {
    key: string;
    before: number;
    after: number;
    others: readonly LeakyCount[];
    now: number;
  }): Promise<boolean>;
  /** Forgets the failures of a key. */
  forget(key: string): Promise<void>;
}
