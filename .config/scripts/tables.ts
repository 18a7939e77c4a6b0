// Writes the lists of what folders hold (lib/tables.ts), or with --check says which of them are stale.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.ts';
import { toolEnv } from './lib/run.ts';
import { renderTable, tables } from './lib/tables.ts';

const isCheck = process.argv.includes('--check');
for (const table of tables) {
  const path = join(table.folder, table.file);
  const text = formatted(path, renderTable(table));
  if (text === readFileSync(join(root, path), 'utf8')) continue;
  if (!isCheck) writeFileSync(join(root, path), text);
  console.log(isCheck ? `${path} is stale; run npm run tables` : `wrote ${path}`);
  if (isCheck) process.exitCode = 1;
}

/** Text as the formatter would have it at this path. */
function formatted(path: string, input: string): string {
  const options = ['check', '--config-path=.config/biome.json', '--write', `--stdin-file-path=${path}`];
  return execFileSync('biome', options, { cwd: root, env: toolEnv(), input, encoding: 'utf8' });
}
