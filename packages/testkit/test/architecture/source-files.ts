import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the repository: its path from the top, with slashes, and its text. */
export type SourceFile = { path: string; text: string };

const top = join(import.meta.dirname, '..', '..', '..', '..');

/** Reads the files that match, without dependencies and build results. */
export function readFiles(...patterns: string[]): SourceFile[] {
  const exclude = ['**/node_modules/**', '**/dist/**'];
  const paths = globSync(patterns, { cwd: top, exclude }).toSorted();
  return paths.map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(top, path), 'utf8') }));
}

/** Whether the repository has this path, given from its top. */
export function isInRepository(path: string): boolean {
  return existsSync(join(top, path));
}

/** The package or app a path belongs to, such as `packages/core`. */
export function workspaceOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

/** Tests, their helpers and the contract suites: code that never runs in production. */
export function isTestCode(path: string): boolean {
  return /\.test\.ts$|^(packages|apps)\/[^/]+\/(test|e2e|src\/(.+\/)?testing)\//.test(path);
}

/** What a tool wrote. */
export function isGenerated({ path, text }: SourceFile): boolean {
  return path.startsWith('packages/rpc/src/gen/') || text.startsWith('// Written by `npm run tables`');
}

/** What only tests are made with. */
export function isTestTool(path: string): boolean {
  return /^packages\/(testkit|stress)\//.test(path);
}
