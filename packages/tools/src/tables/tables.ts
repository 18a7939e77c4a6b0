import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../paths.ts';

/** A list of what the files of a folder export, so that something new is one file and no line elsewhere. */
export interface Table {
  /** The folder, and the file in it that has the list. */
  readonly folder: string;
  readonly file: string;
  /** How an entry begins; its first group is its name. */
  readonly entry: RegExp;
  /** The file, of its imports and of the names in the order of their paths. */
  readonly render: (imports: string, names: string) => string;
}

const heading = '// Written by `npm run tables`. Do not edit.\n';

/** The lists that `npm run tables` writes. */
export const tables: readonly Table[] = [
  {
    folder: 'apps/mcrsrv/src/admin',
    file: 'operations.ts',
    entry: /^export const (\w+) = operation\(/gm,
    render: (imports, names) => `${heading}import type { Operation } from './operation.ts';\n${imports}
/** Every operation of the admin API. Its path, who may call it and what its fields may hold are in proto/mcr/v1. */
export const operations: readonly Operation[] = [${names}];\n`,
  },
  {
    folder: 'apps/mcrctl/src/commands',
    file: 'all.ts',
    entry: /^export const (\w+Command)\b/gm,
    render: (imports, names) => `${heading}import type { Command } from '../cli/command.ts';\n${imports}
/** Every command, by its file. */
export const allCommands: readonly Command[] = [${names}];\n`,
  },
];

/** The text of a table, but for its format. */
export function renderTable({ folder, file, entry, render }: Table): string {
  const found = entriesIn(folder, file, entry);
  const imports = found.map(({ path, names }) => `import { ${names.toSorted().join(', ')} } from './${path}';\n`);
  return render(imports.join(''), found.flatMap(({ names }) => names).join(', '));
}

/** Entries by file, in the order of paths. Throws for a folder that has none, and for a name that two files have. */
function entriesIn(folder: string, file: string, entry: RegExp): { readonly path: string; readonly names: string[] }[] {
  const paths = globSync('**/*.ts', { cwd: join(root, folder) }).filter(
    (it) => it !== file && !it.endsWith('.test.ts'),
  );
  const found = paths
    .toSorted()
    .map((path) => ({ path, names: namesIn(readFileSync(join(root, folder, path), 'utf8'), entry) }))
    .filter(({ names }) => names.length > 0);
  const names = found.flatMap((it) => it.names);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (found.length === 0) throw new Error(`${folder} has no entry for ${file}`);
  if (twice !== undefined) throw new Error(`${folder} has two entries with the name ${twice}`);
  return found;
}

function namesIn(text: string, entry: RegExp): string[] {
  return [...text.matchAll(entry)].map(([, name]) => name!);
}
