// `npm run release`: writes dist/mcr-<version>-<os>-<arch>.tar.gz, with all that an operator installs, and its checksum.
// `-- --exe` packs executables that need no Node; `-- --out DIR` writes elsewhere. The same commit gives the same bytes.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../paths.ts';
import { identifyBuild } from '../version.ts';
import { archive, sha256Of } from './archive.ts';
import { assertDocumented } from './changelog.ts';
import { sourceDate } from './source-date.ts';
import { stage } from './stage.ts';

const options = {
  exe: { type: 'boolean', default: false },
  out: { type: 'string', default: join(root, 'dist') },
} as const;
const { values } = parseArgs({ options });
const build = identifyBuild();
if (!process.env.MCR_BUILD_VERSION) {
  const read = (name: string): string => readFileSync(join(root, name), 'utf8');
  assertDocumented(build.version, JSON.parse(read('package.json')).version, read('CHANGELOG.md'));
}
const date = sourceDate();
const name = `mcr-${build.version}-${process.platform}-${process.arch}${values.exe ? '-exe' : ''}`;
const draft = mkdtempSync(join(tmpdir(), 'mcr-release-'));
try {
  const directory = join(draft, name);
  await stage({ directory, build, date, executables: values.exe });
  mkdirSync(resolve(values.out), { recursive: true });
  const file = join(resolve(values.out), `${name}.tar.gz`);
  await archive(directory, file, date);
  const digest = await sha256Of(file);
  writeFileSync(`${file}.sha256`, `${digest}  ${name}.tar.gz\n`);
  console.log(`${relative(process.cwd(), file)}  ${(statSync(file).size / 1e6).toFixed(1)} MB  sha256:${digest}`);
} finally {
  rmSync(draft, { recursive: true, force: true });
}
