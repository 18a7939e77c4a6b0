import { copyFileSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleApp, partsFolder } from '../build/bundle-app.ts';
import { buildExecutable } from '../build/executable.ts';
import { type App, apps, root } from '../paths.ts';
import type { Build } from '../version.ts';
import { writeChecksums } from './archive.ts';
import { createSbom } from './sbom.ts';

/** What a release is to hold. */
export type StageOptions = {
  /** Made anew. */
  directory: string;
  /** What it is called. */
  build: Build;
  /** Seconds since the epoch. */
  date: number;
  /** Executables that need no Node, instead of bundles. */
  executables: boolean;
};

const documents = [
  'deploy/systemd',
  'deploy/examples',
  'deploy/monitoring',
  'deploy/docker/compose.yaml',
  'deploy/docker/compose-ha.yaml',
  'deploy/docker/ha',
  'docs',
  'CHANGELOG.md',
];

/** Fills a directory with the three programs and all that an operator needs beside them. */
export async function stage({ directory, build, date, executables }: StageOptions): Promise<void> {
  rmSync(directory, { recursive: true, force: true });
  const packages = new Set<string>();
  for (const app of apps) {
    const names = await bundleApp({ app, directory: join(directory, app), build });
    for (const name of names) packages.add(name);
    if (executables) await replaceByExecutable(app, join(directory, app), build);
  }
  for (const path of documents) cpSync(join(root, path), join(directory, path), { recursive: true });
  copyFileSync(join(root, 'deploy', 'scripts', 'install.sh'), join(directory, 'install.sh'));
  writeFileSync(join(directory, 'VERSION'), `${build.version}\n`);
  const node = executables ? process.versions.node : undefined;
  const sbom = await createSbom({ ...build, date, packages, ...(node !== undefined && { node }) });
  writeFileSync(join(directory, 'sbom.cdx.json'), sbom);
  await writeChecksums(directory);
}

/** The bundle's notices and native part stay, so that no temporary copy of the latter has to be made. */
async function replaceByExecutable(app: App, directory: string, build: Build): Promise<void> {
  for (const name of [`${app}.mjs`, partsFolder, 'static'])
    rmSync(join(directory, name), { recursive: true, force: true });
  await buildExecutable({ app, directory, build });
}
