import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { runOk } from '@mcr/testkit';

/** The repository's top folder. */
export const top = resolve(import.meta.dirname, '..', '..', '..', '..', '..');

/** What releases that tests build are made of. */
export const commit = 'd563548';

/** What a build of a release is told. */
export interface ReleaseOptions {
  readonly version?: string;
  /** The checkout to build from; default: this one. */
  readonly checkout?: string;
  readonly executables?: boolean;
}

/** Runs `npm run release` into a directory, and returns the path of the archive. */
export async function buildRelease(directory: string, options: ReleaseOptions = {}): Promise<string> {
  const { version = '1.0.0', checkout = top, executables = false } = options;
  const env = { ...process.env, MCR_BUILD_VERSION: version, MCR_BUILD_COMMIT: commit, SOURCE_DATE_EPOCH: '1700000000' };
  const args = [
    join(checkout, 'packages/tools/src/release/release.ts'),
    '--out',
    directory,
    ...(executables ? ['--exe'] : []),
  ];
  await runOk(process.execPath, args, { env, cwd: checkout });
  const name = (await readdir(directory)).find((file) => file.includes(`-${version}-`) && file.endsWith('.tar.gz'));
  return join(directory, name ?? '');
}

/** Unpacks an archive into a directory, and returns the path of what it holds. */
export async function unpack(archive: string, directory: string): Promise<string> {
  await runOk('tar', ['--extract', '--gzip', '--file', archive, '--directory', directory]);
  return join(directory, archive.slice(archive.lastIndexOf('/') + 1, -'.tar.gz'.length));
}
