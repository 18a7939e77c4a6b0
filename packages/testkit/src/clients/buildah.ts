import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProcessResult, run } from '../processes.ts';
import { type ClientOptions, clientEnvironment } from './client-environment.ts';

/** An isolated buildah: storage of its own (driver vfs), credentials of its own, certificates verified. */
export interface Buildah {
  /** Runs buildah with the given arguments and returns whatever came of it. */
  buildah(...args: string[]): Promise<ProcessResult>;
  login(host: string, username: string, password: string): Promise<ProcessResult>;
  /** Makes an image from scratch that holds one file, without running anything; its id is printed. */
  build(file: string, image: string): Promise<ProcessResult>;
  /** Pushes and returns the digest that buildah says it pushed, besides how it ended. */
  push(image: string, destination: string, ...options: string[]): Promise<ProcessResult & { readonly digest: string }>;
}

/** Sets up buildah in its directory. Nothing runs in the background, so nothing has to be ended. */
export function createBuildah(options: ClientOptions): Buildah {
  const env = clientEnvironment(options);
  const global = [
    `--root=${join(options.directory, 'root')}`,
    `--runroot=${join(options.directory, 'runroot')}`,
    '--storage-driver=vfs',
  ];
  const buildah = (...args: string[]): Promise<ProcessResult> => run('buildah', [...global, ...args], { env });
  return {
    buildah,
    login: (host, username, password) =>
      run('buildah', [...global, 'login', '--username', username, '--password-stdin', host], { env, input: password }),
    async build(file, image) {
      const from = await buildah('from', 'scratch');
      if (from.code !== 0) return from;
      const container = from.stdout.trim();
      const copied = await buildah('copy', '--quiet', container, file, '/');
      return copied.code === 0 ? await buildah('commit', '--quiet', '--rm', container, image) : copied;
    },
    async push(image, destination, ...more) {
      const digestFile = join(options.directory, 'digest');
      const result = await buildah(
        'push',
        '--quiet',
        '--retry=0',
        `--digestfile=${digestFile}`,
        ...more,
        image,
        `docker://${destination}`,
      );
      return { ...result, digest: result.code === 0 ? (await readFile(digestFile, 'utf8')).trim() : '' };
    },
  };
}
