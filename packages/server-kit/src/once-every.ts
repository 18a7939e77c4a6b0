/**
 * Wraps `work` so that calls are cheap however frequent they are: while it runs, and for `ms` milliseconds after it has
 * finished, all callers share one result or one failure.
 */
export function onceEvery<Result>(
  ms: number,
  work: () => Promise<Result>,
  now: () => number = () => performance.now(),
): () => Promise<Result> {
  let last: Promise<Result> | undefined;
  let endedAt: number | undefined;
  return () => {
    if (last !== undefined && (endedAt === undefined || now() - endedAt < ms)) return last;
    endedAt = undefined;
    last = work().finally(() => {
      endedAt = now();
    });
    return last;
  };
}
