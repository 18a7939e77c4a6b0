import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from '../paths.ts';

const folder = 'packages/db/src/sqlite';
/** An operation says which method of which facet it is: `export const findBlob: Operation<Blobs['find']>`. */
const entry = /^export const (\w+): Operation<(\w+)\['(\w+)'\]>/gm;
const interfaces = /^export interface (\w+) \{\n([\s\S]*?)^\}/gm;

/** The classes of the store's facets in SQLite, by path: a field for each method, in the order of the interface. */
export function facetClasses(): readonly { readonly path: string; readonly text: string }[] {
  const operations = operationsByMethod();
  const facets = new Set([...operations.keys()].map((key) => key.split('.')[0]));
  return globSync('packages/db/src/facets/*.ts', { cwd: root })
    .toSorted()
    .flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(interfaces)]
        .filter(([, name]) => facets.has(name))
        .map(([, name, body]) => facetClass(path, name!, methodsIn(body!), operations)),
    );
}

function methodsIn(body: string): string[] {
  return [...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name!);
}

/** By facet and method, such as `Blobs.find`: the operation's name, and the file that it is in. */
function operationsByMethod(): ReadonlyMap<string, { readonly name: string; readonly path: string }> {
  const found = new Map<string, { readonly name: string; readonly path: string }>();
  for (const path of globSync(`${folder}/**/*.ts`, { cwd: root }).toSorted()) {
    for (const [, name, facetName, method] of readFileSync(join(root, path), 'utf8').matchAll(entry)) {
      const key = `${facetName}.${method}`;
      if (found.has(key)) throw new Error(`${path} and ${found.get(key)!.path} both implement ${key}`);
      found.set(key, { name: name!, path });
    }
  }
  return found;
}

function facetClass(
  facetPath: string,
  name: string,
  methods: readonly string[],
  operations: ReturnType<typeof operationsByMethod>,
): { path: string; text: string } {
  const path = join(folder, facetPath.split('/').at(-1)!.replace('.ts', ''), `sqlite-${dashed(name)}.ts`);
  const parts = methods.map((method) => {
    const operation = operations.get(`${name}.${method}`);
    if (operation === undefined) throw new Error(`${folder} has no operation for ${name}.${method}`);
    return { method, ...operation };
  });
  const imports = parts.map((it) => `import { ${it.name} } from '${importOf(path, it.path)}';\n`);
  const text = `// Written by \`npm run tables\`. Do not edit.
import type { ${name} } from '${importOf(path, facetPath)}';
import { SqliteFacet } from '${importOf(path, `${folder}/facet.ts`)}';
${imports.join('')}
/** {@link ${name}} in SQLite. */
export class Sqlite${name} extends SqliteFacet implements ${name} {
${parts.map((it) => `  readonly ${it.method} = this.operation(${it.name});\n`).join('')}}
`;
  return { path, text };
}

function importOf(from: string, to: string): string {
  const path = relative(dirname(from), to);
  return path.startsWith('.') ? path : `./${path}`;
}

function dashed(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
