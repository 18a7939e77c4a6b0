import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { bytes, chunked } from '../testing/content.ts';
import { expectBytes } from '../testing/expect-bytes.ts';
import { BATCH_BYTES, BATCH_CHUNKS, OVERLAPPING, type WriteVector, writeBatches } from './write-batches.ts';

/** A file in memory that takes at most `limit` bytes of each call, and remembers what it was called with. */
function memory(limit = Number.POSITIVE_INFINITY) {
  let content = Buffer.alloc(0);
  const calls: { chunks: number; bytes: number }[] = [];
  const write: WriteVector = async (buffers, position) => {
    const given = Buffer.concat(buffers);
    calls.push({ chunks: buffers.length, bytes: given.length });
    const taken = given.subarray(0, Math.min(limit, given.length));
    expect(position).toBe(content.length);
    content = Buffer.concat([content, taken]);
    return taken.length;
  };
  return { write, calls, content: () => content };
}

const chunk = BATCH_BYTES / 4;

/** Sources of 40 chunks each, of which no write ends before `open` is called, and how many chunks of each were pulled. */
function gated(sources: number) {
  const gate = Promise.withResolvers<void>();
  const pulled = Array.from({ length: sources }, () => 0);
  async function* counted(source: number) {
    for (let index = 0; index < 40; index += 1) {
      pulled[source]! += 1;
      yield new Uint8Array(chunk);
    }
  }
  const written = pulled.map((_, source) => {
    const file = memory();
    const slow: WriteVector = async (buffers, position) => {
      await gate.promise;
      return await file.write(buffers, position);
    };
    return writeBatches(slow, 0, counted(source));
  });
  return { pulled, open: gate.resolve, written: Promise.all(written) };
}

async function* hesitating() {
  yield new Uint8Array(BATCH_BYTES);
  for (let turn = 0; turn < 100; turn += 1) await setImmediate();
  yield new Uint8Array(1);
}

describe('writeBatches', () => {
  test('writes in batches of at least 256 KiB, and the rest at the end', async () => {
    const file = memory();
    const content = bytes(2 * BATCH_BYTES + 100);
    expect(await writeBatches(file.write, 0, chunked(content, [60_000]))).toEqual({ size: content.length });
    expectBytes(file.content(), content);
    // 5 chunks of 60,000 bytes are the first to make 256 KiB.
    expect(file.calls.map((call) => call.bytes)).toEqual([300_000, content.length - 300_000]);
  });

  test('gives no call more chunks than the kernel takes', async () => {
    const file = memory();
    const content = bytes(3 * BATCH_CHUNKS + 5);
    await writeBatches(file.write, 0, chunked(content, [1]));
    expect(file.calls.map((call) => call.chunks)).toEqual([BATCH_CHUNKS, BATCH_CHUNKS, BATCH_CHUNKS, 5]);
    expectBytes(file.content(), content);
  });

  test('writes nothing for a source without bytes', async () => {
    const file = memory();
    expect(await writeBatches(file.write, 7, chunked(new Uint8Array(), [1]))).toEqual({ size: 7 });
    expect(file.calls).toEqual([]);
  });

  test.each([1, 7, 999, 1000, 1001, 2999])('writes every byte when a call takes no more than %i', async (limit) => {
    const file = memory(limit);
    const content = bytes(3000);
    expect(await writeBatches(file.write, 0, chunked(content, [1000, 10, 1]))).toEqual({ size: 3000 });
    expectBytes(file.content(), content);
  });

  test('rejects when a call takes nothing', async () => {
    await expect(writeBatches(memory(0).write, 0, chunked(bytes(10), [10]))).rejects.toThrow('position 0');
  });

  test('collects one batch while another is written, and pulls no more', async () => {
    const { pulled, open, written } = gated(1);
    for (let turn = 0; turn < 100; turn += 1) await setImmediate();
    expect(pulled).toEqual([8]);
    open();
    expect(await written).toEqual([{ size: 40 * chunk }]);
  });

  test('collects nothing during a write while many others are under way', async () => {
    const { pulled, open, written } = gated(OVERLAPPING + 2);
    for (let turn = 0; turn < 100; turn += 1) await setImmediate();
    expect(pulled).toEqual([...Array.from({ length: OVERLAPPING }, () => 8), 4, 4]);
    open();
    expect(new Set((await written).map(({ size }) => size))).toEqual(new Set([40 * chunk]));
  });

  test('releases chunks only after they are written, and none of a write that failed', async () => {
    const full = new Error('no space left');
    const written: Uint8Array[] = [];
    const released: Uint8Array[] = [];
    const write: WriteVector = async (buffers, position) => {
      await setImmediate();
      expect(released).toEqual(written);
      if (position > 0) throw full;
      written.push(...buffers);
      return BATCH_BYTES;
    };
    const batches = chunked(new Uint8Array(3 * BATCH_BYTES), [BATCH_BYTES]);
    await expect(writeBatches(write, 0, batches, (chunks) => released.push(...chunks))).rejects.toBe(full);
    expect(released).toHaveLength(1);
  });

  test.each([
    ['goes on', undefined],
    ['breaks off too', new Error('the client went away')],
  ])('rejects with the error of a write, and ends a source that %s', async (_what, error) => {
    const full = new Error('no space left');
    let ended = false;
    async function* endless() {
      try {
        for (let index = 0; index < 5; index += 1) yield new Uint8Array(BATCH_BYTES);
        if (error !== undefined) throw error;
        for (;;) yield new Uint8Array(BATCH_BYTES);
      } finally {
        ended = true;
      }
    }
    const write: WriteVector = async (buffers, position) => {
      if (position >= 4 * BATCH_BYTES) throw full;
      return Buffer.concat(buffers).length;
    };
    await expect(writeBatches(write, 0, endless())).rejects.toBe(full);
    expect(ended).toBe(true);
  });

  test('does not leave a failed write unhandled while the source keeps it waiting', async () => {
    const full = new Error('no space left');
    const write: WriteVector = () => Promise.reject(full);
    await expect(writeBatches(write, 0, hesitating())).rejects.toBe(full);
  });
});
