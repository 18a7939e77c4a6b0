/**
 * Bytes per read: at 256 KiB a download is bound by TLS; at 64 KiB by the number of round trips to the thread pool, or of turns between
 * two connections.
 */
export const readSize = 256 * 1024;
/** With thousands of clients that read slowly, what each of them holds counts for more than how often it reads. */
const leastReadSize = 16 * 1024;
/** Bytes that the buffers of downloads hold together, about: as many at full size as a busy registry has at a time. */
const bufferBudget = 64 * 1024 * 1024;

/** Bytes per read for one more download, of which there are `count` by then; each has two buffers. */
export function readSizeFor(count: number): number {
  return Math.max(leastReadSize, Math.min(readSize, Math.floor(bufferBudget / (2 * count))));
}
