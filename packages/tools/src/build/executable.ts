import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import type { App } from '../paths.ts';
import { run } from '../run.ts';
import type { Build } from '../version.ts';
import { bundleApp } from './bundle-app.ts';

/** What to make, and where to. */
export type ExecutableOptions = { app: App; directory: string; build: Build };

/**
 * Makes `<directory>/<app>`, one file that runs without Node (a Node single executable application), with SQLite's
 * native part and the static files inside. Throws when a part of that fails, or on another system than Linux.
 */
export async function buildExecutable({ app, directory, build }: ExecutableOptions): Promise<void> {
  if (process.platform !== 'linux') throw new Error('Executables are made on Linux only; use the bundles elsewhere');
  const draft = mkdtempSync(join(tmpdir(), 'mcr-exe-'));
  try {
    const bundle = join(draft, 'bundle');
    const addons = new Map<string, string>();
    await bundleApp({ app, directory: bundle, build, plugins: [embedPlugin(addons)], oneFile: true });
    const output = resolve(directory, app);
    const config = join(draft, 'sea.json');
    const assets = { ...Object.fromEntries(addons), ...staticFiles(bundle) };
    // https://nodejs.org/api/single-executable-applications.html
    // Relative to the draft: the path of the program becomes part of the executable.
    const main = { main: join('bundle', `${app}.mjs`), mainFormat: 'module', output };
    writeFileSync(config, JSON.stringify({ ...main, assets, disableExperimentalSEAWarning: true }));
    mkdirSync(directory, { recursive: true });
    rmSync(output, { force: true });
    const sea = await run(process.execPath, ['--build-sea', config], { capture: true, cwd: draft });
    if (sea.code !== 0) throw new Error(`node --build-sea failed for ${app}\n${sea.output}`);
    chmodSync(output, 0o755);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Paths of the static files by the names that they have inside. */
function staticFiles(bundle: string): Record<string, string> {
  const folder = join(bundle, 'static');
  if (!existsSync(folder)) return {};
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    paths.map(({ parentPath, name }) => [relative(bundle, join(parentPath, name)), join(parentPath, name)]),
  );
}

const embedded = join(import.meta.dirname, 'embedded');
const loadAddon = JSON.stringify(join(embedded, 'load-addon.ts'));

/**
 * Makes a bundle look inside its executable for what otherwise lies beside it: native parts and static files. Every
 * native part that the code asks for is added to `addons`, by name.
 */
export function embedPlugin(addons: Map<string, string>): Plugin {
  return {
    name: 'embed',
    setup(build) {
      build.onResolve({ filter: /\.node$/ }, ({ path, resolveDir }) => {
        addons.set(basename(path), join(resolveDir, path));
        return { path: basename(path), namespace: 'addon' };
      });
      build.onLoad({ filter: /.*/, namespace: 'addon' }, ({ path }) => ({
        contents: `module.exports = require(${loadAddon}).loadAddon(${JSON.stringify(path)});`,
        resolveDir: embedded,
      }));
      build.onResolve({ filter: /^node:fs$/ }, ({ importer }) =>
        importer.endsWith('/static-files.ts') ? { path: join(embedded, 'files.ts') } : undefined,
      );
    },
  };
}
