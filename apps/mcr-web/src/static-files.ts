import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import { staticPath } from './hashed-name.ts';
import { sprite } from './ui/icons.ts';

/** A file that browsers may cache forever. */
export interface StaticFile {
  readonly content: Uint8Array<ArrayBuffer>;
  /** The same in gzip, unless it is compressed already. */
  readonly gzipped?: Uint8Array<ArrayBuffer>;
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
  '.woff2': 'font/woff2',
};

/** Files of packages, and the style sheet, whose parts lie in `styles/`: the build writes them next to the others. */
const built = new Map<string, () => Uint8Array>([
  ['htmx.min.js', () => readFileSync(new URL(import.meta.resolve('htmx.org/dist/htmx.min.js')))],
  [
    'inter-latin-wght-normal.woff2',
    () => readFileSync(new URL(import.meta.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2'))),
  ],
  [
    'jetbrains-mono-latin-wght-normal.woff2',
    () =>
      readFileSync(
        new URL(
          import.meta.resolve('@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2'),
        ),
      ),
  ],
  ['style.css', joinStyles],
]);

/** Reads a directory; the default is next to this file, and next to the bundle. */
export function loadStaticFiles(folder: URL = new URL('./static/', import.meta.url)): StaticFiles {
  const paths = new Map<string, string>();
  const files = new Map<string, StaticFile>();
  const contents = new Map<string, Uint8Array>(
    readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder))]),
  );
  for (const [name, read] of built) if (!contents.has(name)) contents.set(name, read());
  contents.set(sprite.name, sprite.content);
  // Style sheets come last, since the paths of their fonts become part of them.
  const isStyle = ([name]: readonly [string, Uint8Array]) => Number(name.endsWith('.css'));
  for (const [name, read] of [...contents].toSorted((one, other) => isStyle(one) - isStyle(other))) {
    const content = new Uint8Array(name.endsWith('.css') ? withFontPaths(read, paths) : read);
    const path = staticPath(name, content);
    paths.set(name, path);
    const gzipped = extname(name) === '.woff2' ? undefined : new Uint8Array(gzipSync(content));
    files.set(path, { content, contentType: contentTypeOf(name), ...(gzipped && { gzipped }) });
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

/** The parts in the order of the imports of `style.css`. */
function joinStyles(): Uint8Array {
  const folder = new URL('./styles/', import.meta.url);
  const read = (name: string) => readFileSync(new URL(name, folder)).toString();
  return Buffer.from(read('style.css').replaceAll(/@import "([\w-]+\.css)";/g, (_, name: string) => read(name)));
}

function withFontPaths(style: Uint8Array, paths: ReadonlyMap<string, string>): Uint8Array {
  const text = Buffer.from(style).toString();
  return Buffer.from(text.replaceAll(/url\("?([\w-]+\.woff2)"?\)/g, (_, name: string) => `url("${paths.get(name)}")`));
}

function contentTypeOf(name: string): string {
  const type = contentTypes[extname(name)];
  if (type === undefined) throw new Error(`static file ${name} has an unknown extension`);
  return type;
}
