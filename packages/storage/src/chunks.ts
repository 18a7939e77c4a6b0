/** Bytes as a source has them: one chunk, or several that come one after the other. */
export type Chunks = Uint8Array | readonly Uint8Array[];

/** Each of the chunks. */
export function chunksOf(given: Chunks): readonly Uint8Array[] {
  return isSeveral(given) ? given : [given];
}

/** `Array.isArray` does not tell arrays that may not be changed. */
function isSeveral(given: Chunks): given is readonly Uint8Array[] {
  return Array.isArray(given);
}
