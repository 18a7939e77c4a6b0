// `npm run build:exe`: makes each app one executable that needs nothing else, in dist/exe. `-- --out DIR` puts them
// elsewhere, names of apps make only those.
import { statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { apps, root } from '../paths.ts';
import { identifyBuild } from '../version.ts';
import { buildExecutable } from './executable.ts';

const options = { out: { type: 'string', default: join(root, 'dist', 'exe') } } as const;
const { values, positionals } = parseArgs({ options, allowPositionals: true });
const unknown = positionals.filter((name) => !(apps as readonly string[]).includes(name));
if (unknown.length > 0) throw new Error(`There is no app ${unknown.join(', ')}; name ${apps.join(', ')}`);
const directory = resolve(values.out);
const build = identifyBuild();
for (const app of apps.filter((name) => positionals.length === 0 || positionals.includes(name))) {
  await buildExecutable({ app, directory, build });
  const size = (statSync(join(directory, app)).size / 1e6).toFixed(1);
  console.log(`${relative(process.cwd(), join(directory, app))}  ${build.version}  ${size} MB`);
}
