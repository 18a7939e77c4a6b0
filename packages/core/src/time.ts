/** Where the time comes from; tests pass one that they can set. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** Milliseconds of the event loop: a request that comes meanwhile waits about as long as a commit takes. */
const sliceMs = 8;

/**
 * Divides long work into slices. Await the returned function between two short steps: it yields to the event loop
 * whenever a slice is used up, and otherwise returns immediately.
 */
export function timeSlices(length = sliceMs): () => Promise<void> {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < length) return;
    await new Promise((resolve) => setImmediate(resolve));
    begun = performance.now();
  };
}
