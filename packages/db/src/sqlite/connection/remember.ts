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

/** A read that is remembered. */
export interface RememberedRead<Input extends readonly unknown[], Result> {
  (...input: Input): Result;
  /** What is remembered, and still so, without a look at anything but SQLite's counter of commits. */
  readonly known: (...input: Input) => Result | undefined;
}

/**
 * The same read, which asks the database again only after something in it has changed, by its generation. Errors are not remembered.
 * Callers share a result, and must not change it.
 */
export function remember<Input extends readonly unknown[], Result extends object | number>(
  { sqlite, generation }: Pick<Connection, 'sqlite' | 'generation'>,
  { keyOf, isKept = () => true, sizeOf }: Remembering<Input, Result>,
  read: (...input: Input) => Result,
): RememberedRead<Input, Result> {
  const bound = sizeOf === undefined ? { max: maxRemembered } : { maxSize: maxBytes, sizeCalculation: sizeOf };
  const remembered = new LRUCache<string, Result>(bound);
  let seen: number | undefined;

  const known = (...input: Input): Result | undefined => {
    // What a transaction under way has written may never become true.
    if (!sqlite.open || sqlite.inTransaction) return undefined;
    const current = generation();
    if (current !== seen) {
      remembered.clear();
      seen = current;
    }
    return remembered.get(keyOf(...input));
  };
  const readOrRemember = (...input: Input): Result => {
    const found = known(...input);
    if (found !== undefined) return found;
    const result = read(...input);
    if (!sqlite.inTransaction && isKept(result)) remembered.set(keyOf(...input), result);
    return result;
  };
  return Object.assign(readOrRemember, { known });
}
