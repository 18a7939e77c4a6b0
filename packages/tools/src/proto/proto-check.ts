// Fails when packages/rpc/src/gen is not what `npm run proto` makes of proto/.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../paths.ts';
import { run } from '../run.ts';
import { writeApi } from './write-api.ts';

const generated = join('packages', 'rpc', 'src', 'gen');
const fresh = mkdtempSync(join(tmpdir(), 'mcr-proto-'));
try {
  const { code, output } = await run('buf', ['generate', '--output', fresh], { capture: true });
  if (code !== 0) throw new Error(output);
  await writeApi(join(fresh, generated));
  const want = read(join(fresh, generated));
  const have = read(join(root, generated));
  const stale = [...new Set([...want.keys(), ...have.keys()])]
    .filter((file) => want.get(file) !== have.get(file))
    .sort();
  for (const file of stale) console.error(`${join(generated, file)} differs from what proto/ generates`);
  if (stale.length > 0) console.error('Run `npm run proto` and commit the result');
  process.exitCode = stale.length > 0 ? 1 : 0;
} finally {
  rmSync(fresh, { recursive: true, force: true });
}

function read(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}
