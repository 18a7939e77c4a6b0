import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';

/** Gives every test of the surrounding block an empty directory of its own. */
export function useTemporaryDirectory(): { file(name: string): string } {
  let directory = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mcr-db-'));
  });
  afterEach(() => rm(directory, { recursive: true }));
  return { file: (name) => join(directory, name) };
}
