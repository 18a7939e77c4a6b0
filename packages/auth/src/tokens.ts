/** Node reads at most 16 KiB of headers, so a longer token could never be sent back. */
const maxTokenLength = 8192;

const b64token = /^[A-Za-z0-9._~+/-]+=*$/;

/** Whether `text` is a valid token for an `Authorization: Bearer` header (RFC 6750, 2.1). */
export function isBearerToken(text: string): boolean {
  return text.length <= maxTokenLength && b64token.test(text);
}

/**
 * The lifetime reported to clients is shorter than the real one by up to this, so that an operation can finish with its
 * token.
 */
export const graceMs = 15 * 60 * 1000;
/** The grace period never makes the reported lifetime shorter than this. */
const usefulMs = 15 * 60 * 1000;

/** Lifetime to report, in whole seconds, for a token that is accepted for `lifeMs` more milliseconds. */
export function promisedSeconds(lifeMs: number): number {
  const grace = Math.min(graceMs, Math.max(0, lifeMs - usefulMs));
  return Math.floor((lifeMs - grace) / 1000);
}
