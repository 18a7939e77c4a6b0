import { parseAst } from 'vitest/node';
import type { SourceFile } from './source-files.ts';

/** A node of a syntax tree, in the common ESTree form. */
export type Node = { type: string; [key: string]: unknown };

const trees = new WeakMap<SourceFile, Node[]>();

/** The nodes of a file that import or export something, of types too. Each file is parsed once. */
export function moduleNodesOf(file: SourceFile): readonly Node[] {
  const known = trees.get(file);
  if (known !== undefined) return known;
  const nodes: Node[] = [];
  collect(parseAst(file.text, { lang: 'ts' }, file.path), nodes);
  trees.set(file, nodes);
  return nodes;
}

/** Whether a value found in a node is a node itself. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

const interesting = /^(Import|Export|TSImport)/;

/** Keeps the few nodes that import or export something: a tree has thousands of others. */
function collect(value: unknown, into: Node[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, into);
    return;
  }
  if (!isNode(value)) return;
  if (interesting.test(value.type)) into.push(value);
  for (const child of Object.values(value)) collect(child, into);
}
