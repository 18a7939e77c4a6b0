// `npm run build:exe`: makes each app one executable that needs nothing else, in dist/exe. `-- --out DIR` puts them
// elsewhere.
import { statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildExecutable } from './lib/build/executable.ts';
import { apps, root } from './lib/paths.ts';
import { buildVersion } from './lib/version.ts';

const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist', 'exe') } } });
const directory = resolve(values.out);
const version = buildVersion();
for (const app of apps) {
  await buildExecutable({ app, directory, version });
  const size = (statSync(join(directory, app)).size / 1e6).toFixed(1);
  console.log(`${relative(process.cwd(), join(directory, app))}  ${version}  ${size} MB`);
}
