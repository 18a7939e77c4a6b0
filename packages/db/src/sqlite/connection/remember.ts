import { LRUCache } from 'lru-cache';
import type { Connection } from './connection.ts';

/** Reads of one kind that are remembered at once; beyond that, the one that was used least recently goes. */
const maxRemembered = 1_000;
/** The same for reads whose results differ in size: bytes. */
const maxBytes = 16 * 1024 * 1024;

/** How to remember a read. */
export interface Remembering<Input extends readonly unknown[], Result> {
  /** Differs when the result may differ. */
  readonly keyOf: (...input: Input) => string;
  /** Whether a result is worth its memory; every one by default. */
  readonly isKept?: (result: Result) => boolean;
  /** Memory that a result and its key take, bytes; bounds what is remembered in place of their number. */
  readonly sizeOf?: (result: Result) => number;
}

/**
 * The same read, which asks the database again only after something in it has changed. Errors are not remembered.
 * Callers share a result, and must not change it.
 */
export function remember<Input extends readonly unknown[], Result extends object | number>(
  { sqlite, generation }: Connection,
  { keyOf, isKept = () => true, sizeOf }: Remembering<Input, Result>,
  read: (...input: Input) => Result,
): (...input: Input) => Result {
  const bound = sizeOf === undefined ? { max: maxRemembered } : { maxSize: maxBytes, sizeCalculation: sizeOf };
  const remembered = new LRUCache<string, Result>(bound);
  let seen: number | undefined;

  return (...input) => {
    // What a transaction under way has written may never become true.
    if (sqlite.inTransaction) return read(...input);
    const current = generation();
    if (current !== seen) {
      remembered.clear();
      seen = current;
    }
    const key = keyOf(...input);
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const result = read(...input);
    if (isKept(result)) remembered.set(key, result);
    return result;
  };
}
