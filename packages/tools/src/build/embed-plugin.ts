import { basename, join } from 'node:path';
import type { Plugin } from 'esbuild';

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
