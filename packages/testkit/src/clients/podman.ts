import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ProcessResult, run } from '../processes.ts';
import { type ClientOptions, clientEnvironment } from './client-environment.ts';

/** An isolated podman: storage of its own (driver vfs), credentials of its own, certificates verified. */
export interface Podman {
  /** Runs podman with the given arguments and returns whatever came of it. */
  podman(...args: string[]): Promise<ProcessResult>;
  login(host: string, username: string, password: string): Promise<ProcessResult>;
  /** Copies an image from an OCI layout, in a directory with a lower-case name, into local storage; the id is printed. */
  load(layout: string, tag: string): Promise<ProcessResult>;
  /** Pushes and returns the digest that podman says it pushed, besides how it ended. */
  push(image: string, destination: string): Promise<ProcessResult & { readonly digest: string }>;
  /** Pulls; the id is printed. */
  pull(reference: string): Promise<ProcessResult>;
  /** Removes all local images, so that the next pull transfers everything. */
  forget(): Promise<ProcessResult>;
}

/** Where podman keeps images, and its environment; the defaults work everywhere. */
interface PodmanSetup {
  /** Options of the command line that say where; empty where a file in the environment does. */
  readonly storage: readonly string[];
  readonly env: Record<string, string>;
}

/** Sets up podman in its directory. Nothing runs in the background, so nothing has to be ended. */
export function createPodman(options: ClientOptions, { storage, env } = plainSetup(options)): Podman {
  const global = [...storage, '--cgroup-manager=cgroupfs', '--events-backend=none'];
  const podman = (...args: string[]): Promise<ProcessResult> => run('podman', [...global, ...args], { env });
  return {
    podman,
    login: (host, username, password) =>
      run('podman', [...global, 'login', '--username', username, '--password-stdin', host], { env, input: password }),
    // podman makes the image's name of the path, so the path must be as plain as a name.
    load: (layout, tag) =>
      run('podman', [...global, 'pull', '--quiet', `oci:${basename(layout)}:${tag}`], { env, cwd: dirname(layout) }),
    async push(image, destination) {
      const digestFile = join(options.directory, 'digest');
      const result = await podman('push', '--quiet', '--digestfile', digestFile, image, `docker://${destination}`);
      return { ...result, digest: result.code === 0 ? (await readFile(digestFile, 'utf8')).trim() : '' };
    },
    pull: (reference) => podman('pull', '--quiet', reference),
    forget: () => podman('rmi', '--all', '--force'),
  };
}

function plainSetup(options: ClientOptions): PodmanSetup {
  const { directory } = options;
  const storage = [`--root=${join(directory, 'root')}`, `--runroot=${join(directory, 'runroot')}`];
  return { storage: [...storage, '--storage-driver=vfs'], env: clientEnvironment(options) };
}
