import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectNow } from '../actor/collections.ts';
import { World } from '../actor/world.ts';
import { fsck } from '../inspect/fsck.ts';
import type { Target } from './target.ts';

const ttlMs = 1_000;

/**
 * Starts the registry again, where an upload lives for a second only, has it collect garbage, and tells what is left that
 * should not be: files of uploads, and whatever `fsck --deep` finds. The registry has stopped afterwards.
 */
export async function leftoversOf({ registry, client }: Target): Promise<readonly string[]> {
  const { configPath, directory } = registry;
  const text = await readFile(configPath, 'utf8');
  await writeFile(configPath, text.replace('[gc]\n', `[gc]\nupload_ttl = "${ttlMs}ms"\n`));
  await registry.restart();
  await sleep(2 * ttlMs);
  const world = new World({ gracePeriod: 0, uploadTtl: ttlMs });
  await collectNow({ oci: client, world });
  await registry.stop();
  const uploads = await readdir(join(directory, 'uploads'));
  const findings = await fsck(registry, world, { mayBeCollected: false });
  return [...world.violations, ...findings, ...uploads.map((name) => `the upload ${name} was left over`)];
}
