import { cp, glob, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultBundle, tempDirectory } from '@mcr/testkit';
import type { Build } from '../../actor/victim.ts';
import { type Fault, type FaultName, faults } from './faults.ts';

const withoutSync = fileURLToPath(new URL('without-sync.ts', import.meta.url));

/** A copy of the server with one fault; it goes away with its scope, and the server itself stays as it is. */
export async function brokenBuild(name: FaultName): Promise<Build & AsyncDisposable> {
  const fault: Fault = faults[name];
  if ('withoutSync' in fault) {
    const env = { NODE_OPTIONS: `--import=${withoutSync}`, MCR_TEST_WITHOUT_SYNC: fault.withoutSync };
    return { env, [Symbol.asyncDispose]: async () => {} };
  }
  const { path, [Symbol.asyncDispose]: dispose } = await tempDirectory('mcr-broken-');
  await cp(dirname(defaultBundle), path, { recursive: true });
  const bundle = join(path, basename(defaultBundle));
  let broken = 0;
  for await (const file of glob(join(path, '**/*.mjs'))) {
    const code = await readFile(file, 'utf8');
    if (code.search(fault.text) < 0) continue;
    await writeFile(file, code.replaceAll(fault.text, fault.replacement));
    broken += 1;
  }
  if (broken === 0) throw new Error(`The server has no text such as ${fault.text}; tell where "${name}" is now`);
  return { bundle, [Symbol.asyncDispose]: dispose };
}
