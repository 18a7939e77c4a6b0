/** What clients are told is shorter than the token's life by up to this, so that an operation outlives its token. */
const graceMs = 15 * 60 * 1000;
/** A grace never makes the promise shorter than this. */
const usefulMs = 15 * 60 * 1000;

/** Whole seconds that a client may rely on a token that is accepted for `lifeMs` milliseconds more. */
export function promisedSeconds(lifeMs: number): number {
  const grace = Math.min(graceMs, Math.max(0, lifeMs - usefulMs));
  return Math.floor((lifeMs - grace) / 1000);
}
