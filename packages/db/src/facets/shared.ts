import type { Actor } from '@mcr/core';

/** Times are milliseconds since the epoch, sizes are bytes. Lists are in bytewise order and exclude `after` itself. */
export interface Page<Cursor = string> {
  readonly after?: Cursor;
  readonly limit: number;
}

/** Who changes something and when; part of every change, for its audit event. */
export interface Change {
  readonly actor: Actor;
  readonly now: number;
  /**
   * UUID of this change, if it may be tried again, as when the response to it was lost. For an hour a second attempt changes
   * nothing and returns what the first has returned; a rejected one is no attempt.
   */
  readonly changeId?: string;
}

/** A beginning of a text, and how many rows at most. */
export interface PrefixSearch {
  /** At least one character; ASCII. */
  readonly prefix: string;
  readonly limit: number;
}
