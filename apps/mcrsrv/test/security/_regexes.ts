import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';

/** A regular expression as it stands in the code. */
export interface FoundRegex {
  readonly file: string;
  readonly source: string;
  readonly flags: string;
}

const root = fileURLToPath(new URL('../../../..', import.meta.url));
/** Everything of ours that runs in the registry. */
const code = '{packages/{core,auth,config,db,rpc,server-kit,storage},apps/mcrsrv}/src/**/*.ts';

/** Paths of the registry's source files, tests left out, relative to the workspace. */
export function sourceFiles(): readonly string[] {
  return globSync(join(root, code))
    .filter((path) => !path.endsWith('.test.ts') && !path.includes('/testing/') && !path.includes('/gen/'))
    .map((path) => relative(root, path))
    .toSorted();
}

/** The text of one of them. */
export function sourceOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Every regular expression that is written as one. */
export function regexesIn(file: string): readonly FoundRegex[] {
  const found: FoundRegex[] = [];
  collect(parseAst(sourceOf(file), { lang: 'ts' }, file), (regex) => {
    found.push({ file, source: regex.pattern, flags: regex.flags });
  });
  return found;
}

type Literal = { readonly pattern: string; readonly flags: string };

function collect(node: unknown, found: (regex: Literal) => void): void {
  if (typeof node !== 'object' || node === null) return;
  if ('regex' in node) found(node.regex as Literal);
  for (const child of Object.values(node)) collect(child, found);
}
