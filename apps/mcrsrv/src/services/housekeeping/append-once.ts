import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** A line of JSON, an object whose `id` says whether the file has it. */
export interface Line {
  readonly id: number;
  readonly text: string;
}

/** How much of the end of a file is read at a time, in bytes. */
const stretch = 64 * 1024;

/**
 * Appends lines to a file, durable when this resolves. Lines that its end has already, from a run that was cut short
 * before it could delete their events, are not written twice. A write that fails leaves the file as it was, so that the
 * next one writes, and syncs, all of it anew.
 */
export async function appendOnce(directory: string, name: string, lines: readonly Line[]): Promise<void> {
  const file = await open(join(directory, name), 'a+', 0o600);
  try {
    const { size, isCut, ids } = await readEnd(file, lines.length);
    const missing = lines.filter(({ id }) => !ids.has(id));
    try {
      // Another process may have appended since, if this one was stopped for as long as its lease.
      if (isCut) await file.truncate(size);
      await file.appendFile(missing.map(({ text }) => `${text}\n`).join(''));
      await file.sync();
    } catch (error) {
      await file.truncate(size);
      throw error;
    }
    if (size === 0) await syncDirectory(directory);
  } finally {
    await file.close();
  }
}

interface End {
  /** Where the last whole line ends. */
  readonly size: number;
  /** Whether a part of a line follows. */
  readonly isCut: boolean;
  /** Ids of the last lines. */
  readonly ids: Set<number>;
}

/** Reads the last `count` lines, and some more. */
async function readEnd(file: FileHandle, count: number): Promise<End> {
  const { size } = await file.stat();
  let text = Buffer.alloc(0);
  let start = size;
  while (start > 0 && newlinesIn(text) <= count) {
    const length = Math.min(stretch, start);
    start -= length;
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, start);
    text = Buffer.concat([buffer, text]);
  }
  const whole = text.lastIndexOf('\n') + 1;
  const lines = text
    .subarray(0, whole)
    .toString()
    .split('\n')
    .slice(start === 0 ? 0 : 1, -1);
  const ids = new Set(lines.map((line) => (JSON.parse(line) as { readonly id: number }).id));
  return { size: start + whole, isCut: whole < text.length, ids };
}

function newlinesIn(text: Uint8Array): number {
  return text.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 0);
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
