import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Stack } from './stack.ts';

const dayMs = 86_400_000;

/** Writes down a past in which the disk filled up so that it is full in about `days`, beside the registry that runs. */
export async function seedSamples({ registry }: Stack, days = 60): Promise<void> {
  const { bsize, blocks, bfree, bavail } = await statfs(registry.directory);
  const [used, perDay] = [(blocks - bfree) * bsize, Math.floor((bavail * bsize) / days)];
  const today = Math.floor(Date.now() / dayMs);
  const database = new DatabaseSync(join(registry.directory, 'mcr.db'), { timeout: 10_000 });
  try {
    const put = database.prepare(
      'INSERT OR REPLACE INTO storage_samples (day, stored_bytes, used_bytes) VALUES (?, ?, ?)',
    );
    for (let back = 89; back > 0; back -= 1) {
      put.run(today - back, Math.max(0, 500_000 - back * 4_000), Math.max(0, used - back * perDay));
    }
  } finally {
    database.close();
  }
}
