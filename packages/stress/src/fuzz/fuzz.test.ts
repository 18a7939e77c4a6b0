import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type ProcessResult, run, tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import type { Surface } from './names.ts';

/** In CI each seed gets so long, a minute and a quarter in all; for hours there is run.ts. */
const seconds = { registry: 30, web: 15 } as const;
const attempts = 3;
const script = fileURLToPath(new URL('./run.ts', import.meta.url));

/**
 * Fuzzes from a process of its own, again when that is killed: making Node's HTTP/2 client break every rule has been seen
 * to end it with a segmentation fault. The server is another process, whose end is a finding.
 */
async function fuzz(seed: string, surface: Surface): Promise<ProcessResult> {
  await using directory = await tempDirectory('mcr-fuzz-');
  const args = [
    script,
    '--seed',
    seed,
    '--surface',
    surface,
    '--seconds',
    String(seconds[surface]),
    '--directory',
    directory.path,
  ];
  for (let attempt = 1; ; attempt += 1) {
    const result = await run(process.execPath, args, { env: process.env });
    if (result.signal === null || attempt === attempts) return result;
    for (const [, pid] of result.stdout.matchAll(/the server is process (\d+)/g)) process.kill(Number(pid), 'SIGKILL');
  }
}

async function expectNoFindings(seed: string, surface: Surface = 'registry'): Promise<void> {
  const { code, signal, stdout, stderr } = await fuzz(seed, surface);
  const findings = stdout.slice(Math.max(0, stdout.indexOf('FOUND')));
  expect({ code, signal }, `--seed ${seed}\n${findings}\n${stderr}`).toEqual({ code: 0, signal: null });
  const counts = JSON.parse(stdout.slice(stdout.indexOf('{'), stdout.lastIndexOf('}') + 1));
  expect(counts.total).toBeGreaterThanOrEqual(200);
  expect(counts.canaries).toBeGreaterThan(0);
}

const options = { timeout: 240_000 };
/** The same ones when a test is tried again: an input that does harm does so again. */
const newSeeds = { registry: randomUUID(), web: randomUUID() };

test('hostile input of a known seed gets orderly responses, ends nothing and leaves nothing', options, async () => {
  await expectNoFindings('known');
});

test('hostile input of a new seed does not either', options, async () => {
  await expectNoFindings(newSeeds.registry);
});

test('nor does that of the web UI', options, async () => {
  await expectNoFindings(newSeeds.web, 'web');
});
