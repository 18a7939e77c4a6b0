import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProcessResult, run, startProcess } from '../processes.ts';
import { type ClientOptions, clientEnvironment } from './client-environment.ts';
import { startContainerd, untilReady } from './containerd.ts';
import { rememberFootprint } from './footprint.ts';
import { unmountUnder } from './mounts.ts';
import { deferUndo } from './undo.ts';

/** Docker's client, with a dockerd and a containerd of its own (storage driver vfs, no network). */
export interface Docker extends AsyncDisposable {
  /** Runs docker with the given arguments and returns whatever came of it. */
  docker(...args: string[]): Promise<ProcessResult>;
  login(host: string, username: string, password: string): Promise<ProcessResult>;
  /** Makes an image of one layer from a tar archive, without running anything; its id is printed. */
  import(archive: string, image: string): Promise<ProcessResult>;
  /** Pushes and returns the digest that docker says it pushed, besides how it ended. */
  push(reference: string): Promise<ProcessResult & { readonly digest: string }>;
  /** Pulls and returns the digest that docker says it pulled, besides how it ended. */
  pull(reference: string): Promise<ProcessResult & { readonly digest: string }>;
  /** Removes all local images, so that the next pull transfers everything. */
  forget(): Promise<void>;
}

/**
 * Starts dockerd (needs root) and returns docker on it. Disposing ends both daemons and unmounts what they left mounted.
 * Certificates are verified for every registry that is not on a loopback address; see `externalAddress`.
 */
export async function startDocker(options: ClientOptions): Promise<Docker> {
  const env = clientEnvironment(options);
  await using started = new AsyncDisposableStack();
  deferUndo(started, rememberFootprint());
  const containerd = started.use(await startContainerd(options.directory, env));
  const own = join(options.directory, 'docker');
  await mkdir(own, { recursive: true });
  const socket = `unix://${join(own, 'd.sock')}`;
  const config = join(own, 'daemon.json');
  const settings = {
    hosts: [socket],
    containerd: containerd.socket,
    'data-root': join(own, 'data'),
    'exec-root': join(own, 'exec'),
    pidfile: join(own, 'd.pid'),
    'storage-driver': 'vfs',
    iptables: false,
    ip6tables: false,
    bridge: 'none',
  };
  await writeFile(config, JSON.stringify(settings));
  deferUndo(started, () => unmountUnder(own));
  const daemon = started.use(await startProcess('dockerd', ['--config-file', config], { env }));
  const docker = (...args: string[]): Promise<ProcessResult> => run('docker', ['--host', socket, ...args], { env });
  await untilReady(() => docker('version'), daemon);
  const running = started.move();
  return {
    docker,
    login: (host, username, password) =>
      run('docker', ['--host', socket, 'login', '--username', username, '--password-stdin', host], {
        env,
        input: password,
      }),
    import: (archive, image) => docker('import', archive, image),
    push: async (reference) => withDigest(await docker('push', reference)),
    pull: async (reference) => withDigest(await docker('pull', reference)),
    async forget() {
      const { stdout } = await docker('images', '--quiet', '--no-trunc', '--all');
      const ids = [...new Set(stdout.split('\n').filter(Boolean))];
      if (ids.length > 0) await docker('rmi', '--force', ...ids);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Docker prints `digest:` after a push and `Digest:` after a pull. */
function withDigest(result: ProcessResult): ProcessResult & { readonly digest: string } {
  return { ...result, digest: /digest: (sha256:[a-f0-9]{64})/i.exec(result.stdout)?.[1] ?? '' };
}
