import type { FailureCount } from '@mcr/db';

const firstDelayMs = 1_000;
/** A hundred guesses a day, the delay of which a person can sit out. */
const maxDelayMs = 15 * 60_000;
const forgetAfterMs = 24 * 60 * 60_000;

/** Failures in a row as they count now: those of yesterday are forgotten. */
export function failuresInRow(failures: FailureCount | undefined, now: number): number {
  return failures !== undefined && since(failures, now) <= forgetAfterMs ? failures.level : 0;
}

/**
 * Milliseconds until the next attempt may begin, 0 when it may now: after the `free` failures each doubles the wait, from
 * a second to a quarter of an hour. `underWay` attempts have no outcome yet: they count as failures, and once waiting has
 * begun there is one at a time.
 */
export function waitInRow(failures: FailureCount | undefined, free: number, underWay: number, now: number): number {
  const count = failuresInRow(failures, now);
  if (count + underWay < free) return 0;
  if (underWay > 0 || failures === undefined) return firstDelayMs;
  const delay = Math.min(firstDelayMs * 2 ** (count - free), maxDelayMs);
  return Math.max(0, delay - since(failures, now));
}

/** What is counted by a leaky bucket. */
export interface Bucket {
  readonly capacity: number;
  /** Milliseconds until one failure is forgotten. */
  readonly leakMs: number;
}

/** Milliseconds until one more failure fits into the bucket, 0 if it fits now. */
export function waitForBucket(failures: FailureCount | undefined, { capacity, leakMs }: Bucket, now: number): number {
  if (failures === undefined) return 0;
  const level = Math.max(0, failures.level - since(failures, now) / leakMs);
  return Math.max(0, Math.ceil((level + 1 - capacity) * leakMs));
}

/** A clock that was set back makes no client wait longer than the delay. */
function since({ at }: FailureCount, now: number): number {
  return Math.max(0, now - at);
}
