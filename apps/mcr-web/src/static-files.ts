import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

/** A file that browsers may cache forever. */
export interface StaticFile {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** The files of `static/`, in memory, under names that change with their content. */
export interface StaticFiles {
  /**
   * Path of a file by its name, such as `/static/style.0123456789ab.css` of `style.css`. Throws for an unknown name.
   */
  path(name: string): string;
  /** The file at a path. */
  find(path: string): StaticFile | undefined;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const hashLength = 12;

/** Files of packages: the build copies them next to the others. */
const vendored = new Map<string, () => URL>([
  ['htmx.min.js', () => new URL(import.meta.resolve('htmx.org/dist/htmx.min.js'))],
]);

/** Reads a directory; the default is next to this file, and next to the bundle. */
export function loadStaticFiles(folder: URL = new URL('./static/', import.meta.url)): StaticFiles {
  const paths = new Map<string, string>();
  const files = new Map<string, StaticFile>();
  const sources = new Map(readdirSync(folder).map((name) => [name, new URL(name, folder)]));
  for (const [name, path] of vendored) if (!sources.has(name)) sources.set(name, path());
  for (const [name, source] of sources) {
    const content = new Uint8Array(readFileSync(source));
    const path = `/static/${hashedName(name, content)}`;
    paths.set(name, path);
    files.set(path, { content, contentType: contentTypeOf(name) });
  }
  return {
    path(name) {
      const path = paths.get(name);
      if (path === undefined) throw new Error(`static file ${name} not found`);
      return path;
    },
    find: (path) => files.get(path),
  };
}

function hashedName(name: string, content: Uint8Array): string {
  const hash = createHash('sha256').update(content).digest('hex').slice(0, hashLength);
  const extension = extname(name);
  return `${name.slice(0, -extension.length)}.${hash}${extension}`;
}

function contentTypeOf(name: string): string {
  const type = contentTypes[extname(name)];
  if (type === undefined) throw new Error(`static file ${name} has an unknown extension`);
  return type;
}
