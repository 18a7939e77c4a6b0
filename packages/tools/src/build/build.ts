// `npm run build`: bundles every app; what did not change comes from turbo's cache.
import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { apps, bundlePath, root } from '../paths.ts';
import { run } from '../run.ts';
import { identifyBuild } from '../version.ts';

const { version, commit } = identifyBuild();
const args = ['run', 'build', '--output-logs=errors-only', '--log-order=grouped'];
const env = { MCR_BUILD_VERSION: version, MCR_BUILD_COMMIT: commit };
const { code, output } = await run('turbo', args, { capture: true, env });
if (code !== 0) {
  console.error(output);
  process.exit(code);
}
for (const app of apps) {
  const bundle = bundlePath(app);
  const size = (statSync(bundle).size / 1e6).toFixed(1);
  console.log(`${relative(root, bundle).replace(/\.mjs$/, '')}  ${version}  ${size} MB`);
}
