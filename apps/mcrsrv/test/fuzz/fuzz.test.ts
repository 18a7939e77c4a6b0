import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type ProcessResult, run, tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';

/** In CI each seed gets so long; for hours there is run.ts. */
const seconds = 8;
const attempts = 3;
const script = fileURLToPath(new URL('./run.ts', import.meta.url));

/**
 * Fuzzes from a process of its own, again when that is killed: making Node's HTTP/2 client break every rule has been seen
 * to end it with a segmentation fault. The server is another process, whose end is a finding.
 */
async function fuzz(seed: string): Promise<ProcessResult> {
  await using directory = await tempDirectory('mcr-fuzz-');
  const args = [script, '--seed', seed, '--seconds', String(seconds), '--directory', directory.path];
  for (let attempt = 1; ; attempt += 1) {
    const result = await run(process.execPath, args, { env: process.env });
    if (result.signal === null || attempt === attempts) return result;
    const server = Number(/the server is process (\d+)/.exec(result.stdout)?.[1]);
    if (server > 0) process.kill(server, 'SIGKILL');
  }
}

async function expectNoFindings(seed: string): Promise<void> {
  const { code, signal, stdout, stderr } = await fuzz(seed);
  expect({ code, signal }, `${stdout}\n${stderr}`).toEqual({ code: 0, signal: null });
  const counts = JSON.parse(stdout.slice(stdout.indexOf('{'), stdout.lastIndexOf('}') + 1));
  expect(counts.total).toBeGreaterThanOrEqual(200);
  expect(counts.canaries).toBeGreaterThan(0);
}

test('hostile input of a known seed gets an orderly answer, ends nothing and leaves nothing', {
  timeout: 180_000,
}, async () => {
  await expectNoFindings('known');
});

test('hostile input of a new seed does not either', { timeout: 180_000 }, async () => {
  await expectNoFindings(randomUUID());
});
