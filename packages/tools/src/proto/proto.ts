// Makes packages/rpc/src/gen of proto/: messages and services by buf, what their options say by write-api.ts. With --check
// writes nothing, and fails when that folder holds anything else.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../paths.ts';
import { run } from '../run.ts';
import { writeApi } from './write-api.ts';

const generated = join('packages', 'rpc', 'src', 'gen');
await (process.argv.includes('--check') ? check() : generate(root));

/** Writes the generated folder below `output`. Throws with what buf prints. */
async function generate(output: string): Promise<void> {
  const { code, output: printed } = await run('buf', ['generate', '--output', output], { capture: true });
  if (code !== 0) throw new Error(printed);
  await writeApi(join(output, generated));
}

async function check(): Promise<void> {
  const fresh = mkdtempSync(join(tmpdir(), 'mcr-proto-'));
  try {
    await generate(fresh);
    const want = read(join(fresh, generated));
    const have = read(join(root, generated));
    const stale = [...new Set([...want.keys(), ...have.keys()])].filter((file) => want.get(file) !== have.get(file));
    for (const file of stale.toSorted()) console.error(`${join(generated, file)} differs from what proto/ generates`);
    if (stale.length > 0) console.error('Run `npm run proto` and commit the result');
    process.exitCode = stale.length > 0 ? 1 : 0;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function read(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}
