import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Uploads } from './uploads.ts';
import { WriteGate } from './write-gate.ts';

/** Counts how often bytes are made durable. */
class CountingGate extends WriteGate {
  syncs = 0;

  override async syncData(fd: number): Promise<void> {
    this.syncs += 1;
    await super.syncData(fd);
  }
}

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mcr-uploads-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function* bytes(size: number): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(size);
}

async function appended(size: number) {
  const gate = new CountingGate(() => {});
  const uploads = new Uploads(directory, gate);
  const id = randomUUID();
  await uploads.create(id);
  await uploads.append(id, 0, bytes(size));
  return { gate, uploads, id };
}

describe('an upload that is settled', () => {
  test('is not made durable again when it was at its last byte', async () => {
    const { gate, uploads, id } = await appended(5);
    expect(gate.syncs).toBe(1);
    await uploads.settle(id, 5);
    expect(gate.syncs).toBe(1);
  });

  test('is made durable when this process did not do it', async () => {
    const { id } = await appended(5);
    const gate = new CountingGate(() => {});
    await new Uploads(directory, gate).settle(id, 5);
    expect(gate.syncs).toBe(1);
  });

  test('is made durable when the last append failed', async () => {
    const { gate, uploads, id } = await appended(5);
    await uploads.append(id, 9, bytes(1)).catch(() => {});
    const failing: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ value: 7 as never }) }),
    };
    await expect(uploads.append(id, 5, failing)).rejects.toThrow();
    const before = gate.syncs;
    await uploads.settle(id, 5);
    expect(gate.syncs).toBe(before + 1);
  });
});
