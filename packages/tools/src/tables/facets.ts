import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from '../paths.ts';

/** A folder of operations, and what a class of them is called. */
interface Dialect {
  readonly folder: string;
  readonly prefix: string;
  readonly name: string;
}

const dialects: readonly Dialect[] = [
  { folder: 'packages/db/src/sqlite', prefix: 'Sqlite', name: 'SQLite' },
  { folder: 'packages/db/src/postgres', prefix: 'Postgres', name: 'PostgreSQL' },
];
/** An operation says which method of which facet it is: `export const findBlob: Operation<Blobs['find']>`. */
const entry = /^export const (\w+): Operation<(\w+)\['(\w+)'\]>/gm;
const interfaces = /^export interface (\w+) \{\n([\s\S]*?)^\}/gm;

/** The classes of the store's facets in each dialect, by path: a field for each method, in the order of the interface. */
export function facetClasses(): readonly { readonly path: string; readonly text: string }[] {
  return dialects.flatMap(classesOf);
}

function classesOf(dialect: Dialect): { path: string; text: string }[] {
  const operations = operationsByMethod(dialect);
  const facets = new Set([...operations.keys()].map((key) => key.split('.')[0]));
  return globSync('packages/db/src/facets/*.ts', { cwd: root })
    .toSorted()
    .flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(interfaces)]
        .filter(([, name]) => facets.has(name))
        .map(([, name, body]) => facetClass(dialect, path, name!, methodsIn(body!), operations)),
    );
}

function methodsIn(body: string): string[] {
  return [...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name!);
}

/** By facet and method, such as `Blobs.find`: the operation's name, and the file that it is in. */
function operationsByMethod({
  folder,
}: Dialect): ReadonlyMap<string, { readonly name: string; readonly path: string }> {
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
  { folder, prefix, name: dialect }: Dialect,
  facetPath: string,
  name: string,
  methods: readonly string[],
  operations: ReturnType<typeof operationsByMethod>,
): { path: string; text: string } {
  const path = join(folder, facetPath.split('/').at(-1)!.replace('.ts', ''), `${dashed(prefix)}-${dashed(name)}.ts`);
  const parts = methods.map((method) => {
    const operation = operations.get(`${name}.${method}`);
    if (operation === undefined) throw new Error(`${folder} has no operation for ${name}.${method}`);
    return { method, ...operation };
  });
  const imports = parts.map((it) => `import { ${it.name} } from '${importOf(path, it.path)}';\n`);
  const text = `// Written by \`npm run tables\`. Do not edit.
import type { ${name} } from '${importOf(path, facetPath)}';
import { ${prefix}Facet } from '${importOf(path, `${folder}/facet.ts`)}';
${imports.join('')}
/** {@link ${name}} in ${dialect}. */
export class ${prefix}${name} extends ${prefix}Facet implements ${name} {
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
