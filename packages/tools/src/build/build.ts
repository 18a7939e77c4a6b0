// `npm run build`: bundles every app; what did not change comes from turbo's cache, which calls `node build.ts <app>` for what
// did: that makes apps/<app>/dist, the artifact that is deployed.
import { statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { apps, bundlePath, root } from '../paths.ts';
import { run } from '../run.ts';
import { identifyBuild } from '../version.ts';
import { bundleApp } from './bundle-app.ts';

const [, , name] = process.argv;
await (name === undefined ? buildAll() : bundle(name));

async function buildAll(): Promise<void> {
  const { version, commit } = identifyBuild();
  const args = ['run', 'build', '--output-logs=errors-only', '--log-order=grouped'];
  const env = { MCR_BUILD_VERSION: version, MCR_BUILD_COMMIT: commit };
  const { code, output } = await run('turbo', args, { capture: true, env });
  if (code !== 0) {
    console.error(output);
    process.exit(code);
  }
  for (const app of apps) {
    const path = bundlePath(app);
    const size = (statSync(path).size / 1e6).toFixed(1);
    console.log(`${relative(root, path).replace(/\.mjs$/, '')}  ${version}  ${size} MB`);
  }
}

async function bundle(wanted: string): Promise<void> {
  const app = apps.find((it) => it === wanted);
  if (app === undefined) throw new Error(`There is no app ${wanted}; name ${apps.join(', ')}`);
  const { MCR_BUILD_VERSION: version = 'unknown', MCR_BUILD_COMMIT: commit = '' } = process.env;
  // esbuild says why.
  await bundleApp({ app, directory: dirname(bundlePath(app)), build: { version, commit } }).catch(() =>
    process.exit(1),
  );
}
