import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freeChunks, gatherBody } from './gather-body.ts';

const record = 16 * 1024;
/** Chunks of which a batch is full. */
const full = 8;

/** A body that comes when the test says so, and what was counted of it. */
function body() {
  const incoming = new Readable({ read() {} }) as IncomingMessage;
  // As everywhere: an error that no one listens to would end the process.
  incoming.on('error', () => {});
  const counted: number[] = [];
  return { incoming, counted, batches: gatherBody(incoming, (bytes) => void counted.push(bytes)) };
}

function send(incoming: Readable, count: number, size = record): readonly Buffer[] {
  const chunks = Array.from({ length: count }, (_, index) => Buffer.alloc(size, index));
  for (const chunk of chunks) incoming.push(chunk);
  return chunks;
}

test('hands on chunks together, in order and as they came', async () => {
  const { incoming, counted, batches } = body();
  const chunks = send(incoming, 2 * full + 3);
  incoming.push(null);
  const given: (readonly Uint8Array[])[] = [];
  for await (const batch of batches) given.push(batch);
  expect(given.map(({ length }) => length)).toEqual([full, full, 3]);
  for (const [index, chunk] of given.flat().entries()) expect(chunk).toBe(chunks[index]);
  expect(counted).toEqual(chunks.map(({ length }) => length));
});

test('gathers one batch while another is in use, and leaves what follows to the client', async () => {
  const { incoming, counted, batches } = body();
  send(incoming, 4 * full);
  await batches.next();
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  expect(counted).toHaveLength(2 * full);
  expect(incoming.isPaused()).toBe(true);
  await batches.next();
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  expect(counted).toHaveLength(3 * full);
});

test('a trickle of tiny chunks makes a batch of 512', async () => {
  const { incoming, batches } = body();
  send(incoming, 600, 1);
  expect((await batches.next()).value).toHaveLength(512);
});

test('hands on what came before the connection broke, and then throws the error', async () => {
  const { incoming, batches } = body();
  const broken = new Error('the client went away');
  const first = batches.next();
  send(incoming, 3);
  await setImmediate();
  incoming.destroy(broken);
  expect((await first).value).toHaveLength(3);
  await expect(batches.next()).rejects.toBe(broken);
});

test.each([
  ['while the body is read', false],
  ['before that', true],
])('throws when the connection closes without an error %s', async (_when, early) => {
  const { incoming, batches } = body();
  if (early) incoming.destroy();
  if (early) await setImmediate();
  const first = batches.next();
  if (!early) incoming.destroy();
  await expect(first).rejects.toThrow('closed before the end');
});

test('a body that was read has no bytes', async () => {
  const { incoming, batches } = body();
  incoming.push(null);
  for await (const _ of incoming.iterator({ destroyOnReturn: false }));
  expect(await batches.next()).toEqual({ value: undefined, done: true });
});

test('leaves the rest unread, and no listener, when its reader stops early', async () => {
  const { incoming, batches } = body();
  send(incoming, 3 * full);
  for await (const _ of batches) break;
  expect(incoming.isPaused()).toBe(true);
  expect(incoming.destroyed).toBe(false);
  for (const event of ['data', 'end', 'close']) expect(incoming.listenerCount(event)).toBe(0);
});

test('the memory of chunks is given back, unless others may read it', () => {
  const own = Buffer.allocUnsafeSlow(record);
  const [shared, other] = [Buffer.alloc(record, 1), Buffer.alloc(record, 1)].map((whole) => whole.subarray(1));
  freeChunks([own, shared!, other!]);
  expect(own.length).toBe(0);
  expect(own.buffer.detached).toBe(true);
  expect(shared).toEqual(other);
  expect(shared).toHaveLength(record - 1);
});
