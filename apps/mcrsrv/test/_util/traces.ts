import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreStatistics } from '@mcr/db';
import { expect } from 'vitest';
import type { TestServer } from './server.ts';

/** What a request can leave behind: rows by kind, and files. */
export interface Traces extends StoreStatistics {
  readonly layerFiles: readonly string[];
  readonly uploadFiles: readonly string[];
}

/** Counts rows and lists files, or the objects of a bucket. */
export async function tracesOf({ context, directory }: TestServer): Promise<Traces> {
  const { store, blobs } = context.services;
  const rows = await store.statistics();
  if (context.config.storage.driver === 's3') {
    const objects: string[] = [];
    for await (const { locator } of blobs.list()) objects.push(locator);
    return { ...rows, layerFiles: objects.toSorted(), uploadFiles: [] };
  }
  return {
    ...rows,
    layerFiles: await filesIn(join(directory, 'layers')),
    uploadFiles: await filesIn(join(directory, 'uploads')),
  };
}

/** Runs `task` and expects the same rows and files after it as before. */
export async function leavingNothing<T>(server: TestServer, task: () => Promise<T>): Promise<T> {
  const before = await tracesOf(server);
  const result = await task();
  expect(await tracesOf(server)).toEqual(before);
  return result;
}

/** Blobs and uploads; the store's own files begin with a dot or lie at the top. */
async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /^[0-9a-f-]+(?:\.[0-9a-f]{12})?$/.test(entry.name))
    .map((entry) => entry.name)
    .toSorted();
}
