import { posix } from 'node:path';
import type { SourceFile } from './source-files.ts';
import { isNode, moduleNodesOf, type Node } from './syntax.ts';

/** Every module a file names: static and dynamic imports, re-exports, and imports of types. */
export function importsOf(file: SourceFile): string[] {
  const specifiers = moduleNodesOf(file).map(moduleNamedBy);
  return [...new Set(specifiers)].filter((specifier) => specifier !== undefined);
}

/** The installed package behind a specifier: `@scope/name` or `name`, and `node:fs` for Node's own `node:fs/promises`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Where a relative import leads, as a path from the repository's top; undefined for a package. */
export function relativeTarget(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined;
}

/** What a specifier counts as that is not a literal: nothing here needs one, so no table allows it. */
const COMPUTED = '(computed)';

function moduleNamedBy(node: Node): string | undefined {
  const { moduleReference: required } = node; // import x = require('x')
  const named = node.source ?? (isNode(required) ? required.expression : undefined);
  if (!isNode(named)) return undefined;
  return typeof named.value === 'string' ? named.value : COMPUTED;
}
