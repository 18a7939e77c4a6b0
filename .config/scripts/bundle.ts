// `node bundle.ts <app>`: makes apps/<app>/dist, the artifact that is deployed: one file of code, a launcher, and what
// the code needs beside it (SQLite's native part, the web UI's static files).
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { apps, root } from './lib/paths.ts';

const app = apps.find((name) => name === process.argv[2]);
if (app === undefined) throw new Error(`Name the app to bundle: ${apps.join(', ')}`);
const source = join(root, 'apps', app, 'src');
const dist = join(root, 'apps', app, 'dist');

// Bundled CommonJS packages call require() for Node's own modules, which an ES module does not have.
const banner = `import { createRequire as createRequire_ } from 'node:module';
const require = createRequire_(import.meta.url);`;

const launcher = `#!/bin/sh
# Runs ${app} on the Node beside this file, else the workspace's, else the one in PATH.
here=$(dirname -- "$(readlink -f -- "$0")")
for node in "$here/node" "$here/../../../node_modules/.bin/node" node; do
  command -v "$node" >/dev/null && exec "$node" "$here/${app}.mjs" "$@"
done
echo "${app} needs Node 24 or newer: put it in PATH or beside this file" >&2
exit 127
`;

rmSync(dist, { recursive: true, force: true });
await build({
  entryPoints: { [app]: join(source, 'main.ts') },
  outdir: dist,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  loader: { '.node': 'copy' },
  assetNames: '[name]',
  legalComments: 'linked',
  alias: { 'better-sqlite3': sqliteForThisPlatform() },
  define: { 'process.env.MCR_BUILD_VERSION': JSON.stringify(process.env.MCR_BUILD_VERSION ?? 'unknown') },
  banner: { js: banner },
  logLevel: 'warning',
}).catch(() => process.exit(1)); // esbuild has printed what is wrong
writeFileSync(join(dist, app), launcher, { mode: 0o755 });
if (existsSync(join(source, 'static'))) cpSync(join(source, 'static'), join(dist, 'static'), { recursive: true });

/** The entry point that loads its native part by a literal path, so that esbuild sees it and copies it. */
function sqliteForThisPlatform(): string {
  const fromDb = createRequire(join(root, 'packages', 'db', 'package.json'));
  return fromDb.resolve(`better-sqlite3/${process.platform}-${process.arch}`);
}
