import { chmodSync, copyFileSync, cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { type App, root } from '../paths.ts';
import type { Build } from '../version.ts';
import { asciiWidthPlugin } from './ascii-width.ts';
import { builtinHttpPlugin } from './builtin-http.ts';

/** What to bundle, and where to. */
export type BundleOptions = {
  app: App;
  /** Emptied first. */
  directory: string;
  /** What `--version` will print. */
  build: Build;
  plugins?: readonly Plugin[];
  /** Whether all code must be in one file. */
  oneFile?: boolean;
};

/** The folder of what is imported when it is needed: what a command does not need is not read, and starts are quick. */
export const partsFolder = 'parts';

/** Files of packages that browsers get as they are. */
const vendored: Partial<Record<App, readonly string[]>> = {
  'mcr-web': [
    'htmx.org/dist/htmx.min.js',
    '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
    '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
  ],
};

/** Packages whose licence lies beside the bundle: the fonts are under the OFL, and have no comments to carry it. */
const licences: Partial<Record<App, readonly string[]>> = {
  'mcr-web': ['@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono'],
};

// Bundled CommonJS packages call require() for Node's own modules, which an ES module does not have.
const banner = `import { createRequire as createRequire_ } from 'node:module';
const require = createRequire_(import.meta.url);`;

/**
 * Makes a directory with the code, a launcher, and what the code needs beside it (SQLite's native part, the web UI's
 * static files). The same sources give the same bytes. Returns the npm packages whose code went in, such as
 * `@scope/name`. Throws when something does not compile, after esbuild has printed what.
 */
export async function bundleApp(options: BundleOptions): Promise<string[]> {
  const { app, directory, build: name, plugins = [], oneFile = false } = options;
  const source = join(root, 'apps', app, 'src');
  rmSync(directory, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: join(root, 'apps', app),
    entryPoints: { [app]: join(source, 'main.ts') },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    splitting: !oneFile,
    chunkNames: `${partsFolder}/[name]-[hash]`,
    target: 'node24',
    loader: { '.node': 'copy' },
    assetNames: '[name]',
    legalComments: 'linked',
    // V8 keeps the text of a module. Names stay, and lines stay short, so that a stack still says where it was.
    minifyWhitespace: true,
    lineLimit: 120,
    alias: { 'better-sqlite3': sqliteForThisPlatform() },
    define: {
      'process.env.MCR_BUILD_VERSION': JSON.stringify(name.version),
      'process.env.MCR_BUILD_COMMIT': JSON.stringify(name.commit),
    },
    banner: { js: banner },
    plugins: [asciiWidthPlugin, builtinHttpPlugin, ...plugins],
    metafile: true,
    logLevel: 'warning',
  });
  const program = join(directory, app);
  writeFileSync(program, launcher(app));
  chmodSync(program, 0o755);
  await bundleStyles(app, join(directory, 'static'));
  return packagesIn([...Object.keys(metafile.inputs), ...copyStaticFiles(app, join(directory, 'static'))]);
}

/** Copies an app's own static files and those that it takes from packages; returns the paths of the latter. */
function copyStaticFiles(app: App, directory: string): string[] {
  const own = join(root, 'apps', app, 'src', 'static');
  if (!existsSync(own)) return [];
  cpSync(own, directory, { recursive: true });
  const { resolve } = createRequire(join(root, 'apps', app, 'package.json'));
  const paths = (vendored[app] ?? []).map((name) => resolve(name));
  for (const path of paths) copyFileSync(path, join(directory, basename(path)));
  for (const name of licences[app] ?? []) {
    const path = resolve(`${name}/LICENSE`);
    copyFileSync(path, join(directory, '..', `${basename(name)}.LICENSE.txt`));
  }
  return paths;
}

/** Makes one style sheet of those that the app's `styles/style.css` imports; fonts are beside it. */
async function bundleStyles(app: App, directory: string): Promise<void> {
  const style = join(root, 'apps', app, 'src', 'styles', 'style.css');
  if (!existsSync(style)) return;
  const outfile = join(directory, 'style.css');
  await build({
    entryPoints: [style],
    outfile,
    bundle: true,
    minify: true,
    external: ['*.woff2'],
    logLevel: 'warning',
  });
}

/** The entry point that loads its native part by a literal path, so that esbuild sees it and copies it. */
function sqliteForThisPlatform(): string {
  const fromDb = createRequire(join(root, 'packages', 'db', 'package.json'));
  return fromDb.resolve(`better-sqlite3/${process.platform}-${process.arch}`);
}

function packagesIn(paths: readonly string[]): string[] {
  const names = paths.map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(names)].filter((name) => name !== undefined).toSorted();
}

/**
 * The command that runs a bundle: on the Node beside it, else the one that install.sh put there with it, else the
 * workspace's, else the one in PATH, which is asked for its version, since older ones fail with a riddle. Whatever else
 * lies above an unpacked release is a stranger's.
 */
export function launcher(app: App): string {
  return `#!/bin/sh
here=$(dirname -- "$(readlink -f -- "$0")")
run() { if [ -f "$1" ] && [ -x "$1" ]; then exec "$@"; fi; }
run "$here/node" "$here/${app}.mjs" "$@"
[ ! -e "$here/../.installed" ] || run "$here/../../node" "$here/${app}.mjs" "$@"
[ ! -e "$here/../src/main.ts" ] || run "$here/../../../node_modules/.bin/node" "$here/${app}.mjs" "$@"
version=$(node --version 2>/dev/null)
case $version in
  '') found='there is none in PATH' ;;
  v[0-9].* | v1[0-9].* | v2[0-3].*) found="the one in PATH is $version" ;;
  *) exec node "$here/${app}.mjs" "$@" ;;
esac
echo "${app} needs Node 24 or newer, and $found: install one, or put its executable at $here/node" >&2
exit 127
`;
}
