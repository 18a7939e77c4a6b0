// Writes the lists of what folders hold (tables.ts) and the classes of the store's facets (facets.ts), or with --check says
// which of them are stale.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.ts';
import { toolEnv } from '../run.ts';
import { facetClasses } from './facets.ts';
import { renderTable, tables } from './tables.ts';

const isCheck = process.argv.includes('--check');
const listed = tables.map((table) => ({ path: join(table.folder, table.file), text: renderTable(table) }));
for (const { path, text: raw } of [...listed, ...facetClasses()]) {
  const text = formatted(path, raw);
  if (existsSync(join(root, path)) && text === readFileSync(join(root, path), 'utf8')) continue;
  if (!isCheck) writeFileSync(join(root, path), text);
  console.log(isCheck ? `${path} is stale; run npm run tables` : `wrote ${path}`);
  if (isCheck) process.exitCode = 1;
}

/** Text as the formatter would have it at this path. */
function formatted(path: string, input: string): string {
  const options = ['check', '--write', `--stdin-file-path=${path}`];
  return execFileSync('biome', options, { cwd: root, env: toolEnv(), input, encoding: 'utf8' });
}
