import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { digestOf, parseRepositoryName } from '@mcr/core';
import { SqliteMetadataStore } from '@mcr/db';
import { expect, test } from 'vitest';

const writer = fileURLToPath(new URL('publish-until-killed.ts', import.meta.url));

test('everything that was acknowledged is there after the process is killed in the middle of its work', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mcr-db-'));
  const path = join(directory, 'mcr.db');
  const child = spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === 100) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);

  const store = await SqliteMetadataStore.open({ path });
  const repository = parseRepositoryName('team/app');
  expect(acknowledged.length).toBeGreaterThanOrEqual(100);
  for (const text of acknowledged) expect(await store.blobs.find(repository, digestOf(text), 0)).toBeDefined();
  const events = await store.audit.list({ type: 'blob_uploaded', limit: 10_000 });
  expect((await store.statistics()).blobs).toBe(events.length);
  await store.close();
  await rm(directory, { recursive: true });
});
