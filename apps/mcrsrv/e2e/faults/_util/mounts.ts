import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onAbruptEnd, runOk, tempDirectory } from '@mcr/testkit';

/** A file system that is gone when the scope that holds it ends. */
export interface Mounted extends AsyncDisposable {
  readonly path: string;
}

/** Mounts a file system of `size` bytes that lives in memory. Needs root. */
export async function smallFileSystem(size: number): Promise<Mounted> {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await tempDirectory('mcr-small-')).path;
  const path = join(directory, 'mounted');
  await mkdir(path);
  await runOk('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'none', path]);
  resources.use(unmounting(path));
  const owned = resources.move();
  return { path, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Mounts a directory at another path, as a disk is, until the scope ends. Needs root. */
export async function mounted(directory: string, at: string): Promise<AsyncDisposable> {
  await runOk('mount', ['--bind', directory, at]);
  return unmounting(at);
}

/** Makes a directory read-only for files that are opened in it from now on, until the scope ends. Needs root. */
export async function readOnly(path: string): Promise<AsyncDisposable> {
  await runOk('mount', ['--bind', path, path]);
  await runOk('mount', ['-o', 'remount,bind,ro', path]);
  return unmounting(path);
}

/** Unmounts lazily, so that a process which still has files there does not block it. */
function unmounting(path: string): AsyncDisposable {
  const unmount = (): void => void spawnSync('umount', ['--lazy', path]);
  const forget = onAbruptEnd(unmount);
  return {
    async [Symbol.asyncDispose]() {
      forget();
      unmount();
    },
  };
}
