import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './target.ts';

const ttlMs = 1_000;
const patienceMs = 60_000;

/**
 * Starts the registry again, where an upload lives for a second only, has it collect garbage, and tells what is left that
 * should not be: files of uploads, and whatever `fsck --deep` finds. The registry has stopped afterwards.
 */
export async function leftoversOf({ registry, client }: Target): Promise<string[]> {
  const { configPath, directory } = registry;
  const text = await readFile(configPath, 'utf8');
  await writeFile(configPath, text.replace('[gc]\n', `[gc]\nupload_ttl = "${ttlMs}ms"\n`));
  await registry.restart();
  await sleep(2 * ttlMs);
  await collect(client);
  await registry.stop();
  const uploads = await readdir(join(directory, 'uploads'));
  const findings = await registry.cli(['fsck', '--deep', '--config', configPath]).then(
    () => [],
    (error: unknown) => [`fsck found: ${String(error).slice(0, 3_000)}`],
  );
  return [...findings, ...uploads.map((name) => `the upload ${name} was left over`)];
}

async function collect(client: Target['client']): Promise<void> {
  const started = await client.request('POST', '/v1/gc', {
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  if (started.status !== 202) throw new Error(`The garbage collection was answered with ${started.status}`);
  for (const end = performance.now() + patienceMs; performance.now() < end; await sleep(100)) {
    const status = (await client.request('GET', '/v1/gc/status')).json() as { readonly running: boolean };
    if (!status.running) return;
  }
  throw new Error('The garbage collection does not end');
}
