import { type Chunks, chunksOf } from '../chunks.ts';

/** Writes buffers one after the other at a position, and resolves with how many bytes it took: maybe not all. */
export type WriteVector = (buffers: readonly Uint8Array[], position: number) => Promise<number>;

/** How far a source was written. */
export interface WrittenBatches {
  /** Where the bytes end. */
  readonly size: number;
  /** Set when the source broke off. */
  readonly error?: unknown;
}

/**
 * Bytes per write. Sockets deliver 16 to 64 KiB; a write for each of them costs a third of an upload's speed. Each
 * upload holds two batches, but for many at once.
 */
export const BATCH_BYTES = 256 * 1024;

/** Chunks per write: what the kernel takes in one call (IOV_MAX), and a bound on what a trickle of tiny chunks holds. */
export const BATCH_CHUNKS = 1024;

/**
 * Writes under way in this process beyond which a source is not pulled during its own. One upload alone would lose a third of its
 * speed; of fifty, the others have work meanwhile, and a second batch of each would be memory for nothing.
 */
export const OVERLAPPING = 8;
let underWay = 0;

/**
 * Writes a source from `offset` on, batch by batch: one batch is written while the next is collected, unless there are many
 * such writes, and nothing more is pulled until a write is done. Resolves with where the bytes end, and with the source's error
 * when it broke off. Rejects when a write fails. A chunk must stay as it is until `release` is called with it.
 */
export async function writeBatches(
  write: WriteVector,
  offset: number,
  source: AsyncIterable<Chunks>,
  release: (chunks: readonly Uint8Array[]) => void = () => {},
): Promise<WrittenBatches> {
  let size = offset;
  let batch: Uint8Array[] = [];
  let batched = 0;
  let writing = Promise.resolve();
  let broken: { error: unknown } | undefined;

  const begin = () => {
    const written = batch;
    underWay += 1;
    writing = writeFully(write, written, size)
      .finally(() => {
        underWay -= 1;
      })
      .then(() => release(written));
    // It is awaited later; until then a failure must not count as unhandled.
    writing.catch(() => {});
    size += batched;
    batch = [];
    batched = 0;
  };

  try {
    for await (const given of source) {
      for (const chunk of chunksOf(given)) {
        if (chunk.length === 0) continue;
        batch.push(chunk);
        batched += chunk.length;
        if (batched < BATCH_BYTES && batch.length < BATCH_CHUNKS) continue;
        await writing;
        begin();
        if (underWay > OVERLAPPING) await writing;
      }
    }
  } catch (error) {
    broken = { error };
  }
  // Rejects with a write's own error, also when that is what ended the loop.
  await writing;
  begin();
  await writing;
  return { size, ...broken };
}

/** Calls `write` until every byte is taken: a write stops short at a full disk, a file size limit, or a signal. */
export async function writeFully(write: WriteVector, buffers: readonly Uint8Array[], position: number): Promise<void> {
  let rest = buffers;
  let at = position;
  while (rest.length > 0) {
    const written = await write(rest, at);
    if (written === 0) throw new Error(`No byte could be written at position ${at}`);
    at += written;
    rest = after(rest, written);
  }
}

/** What is left of buffers when their first `count` bytes are done with. */
function after(buffers: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let skipped = 0;
  for (const [index, buffer] of buffers.entries()) {
    if (skipped + buffer.length > count) return [buffer.subarray(count - skipped), ...buffers.slice(index + 1)];
    skipped += buffer.length;
  }
  return [];
}
