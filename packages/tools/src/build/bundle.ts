// `node bundle.ts <app>`: makes apps/<app>/dist, the artifact that is deployed.
import { dirname } from 'node:path';
import { apps, bundlePath } from '../paths.ts';
import { bundleApp } from './bundle-app.ts';

const app = apps.find((name) => name === process.argv[2]);
if (app === undefined) throw new Error(`Name the app to bundle: ${apps.join(', ')}`);
const { MCR_BUILD_VERSION: version = 'unknown', MCR_BUILD_COMMIT: commit = '' } = process.env;
const build = { version, commit };
await bundleApp({ app, directory: dirname(bundlePath(app)), build }).catch(() => process.exit(1)); // esbuild has said why
