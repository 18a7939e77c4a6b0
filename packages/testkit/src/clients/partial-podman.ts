import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOk } from '../processes.ts';
import { type ClientOptions, clientEnvironment } from './client-environment.ts';
import { unmountUnder } from './mounts.ts';
import { createPodman, type Podman } from './podman.ts';
import { deferUndo } from './undo.ts';

/**
 * A podman that pulls only those files of a zstd:chunked layer that it lacks. Needs root: only the driver overlay can, and
 * that wants a file system of its own, where the temporary directory may be an overlay itself.
 */
export async function startPartialPodman(options: ClientOptions): Promise<Podman & AsyncDisposable> {
  await using started = new AsyncDisposableStack();
  const storage = join(options.directory, 'storage');
  await mkdir(storage);
  deferUndo(started, () => unmountUnder(options.directory));
  await runOk('mount', ['-t', 'tmpfs', 'tmpfs', storage]);
  const config = join(options.directory, 'storage.conf');
  const lines = [
    '[storage]',
    'driver = "overlay"',
    `graphroot = "${join(storage, 'root')}"`,
    `runroot = "${join(storage, 'run')}"`,
    '[storage.options]',
    'pull_options = { enable_partial_images = "true", use_hard_links = "false", ostree_repos = "" }',
  ];
  await writeFile(config, lines.join('\n'));
  const env = { ...clientEnvironment(options), CONTAINERS_STORAGE_CONF: config };
  const running = started.move();
  return { ...createPodman(options, { storage: [], env }), [Symbol.asyncDispose]: () => running.disposeAsync() };
}
